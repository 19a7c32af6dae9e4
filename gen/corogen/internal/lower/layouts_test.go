package lower

//lint:file-ignore U1000 what counts of the types is their layout

// Types for TestLayout, which is run on their reflection and on this file.

import (
	"bufio"
	"bytes"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
	"time"
	"unsafe"
)

type (
	layoutKinds struct {
		A bool
		b int8
		c int16
		d int32
		e int64
		f int
		g uint8
		h uint16
		i uint32
		j uint64
		k uint
		l uintptr
		m float32
		n float64
		o complex64
		p complex128
		q string
		r unsafe.Pointer
		S rune
		T byte
		u error
		v any
		w map[string]int
		x chan int
		y func(int, ...string) (float64, error)
		z []byte
	}
	layoutNamed struct {
		Duration time.Duration
		month    time.Month
		Text     layoutText
		list     layoutList
		function layoutFunc
		Reader   layoutReader
		empty    interface{}
		pointer  *layoutText
		pointers []*[]*time.Time
	}
	layoutText   string
	layoutList   []layoutKinds
	layoutFunc   func(*layoutNode, layoutPair[int, string], struct{ X, y int }) (a, b *layoutNode)
	layoutReader interface{ Read([]byte) (int, error) }
	layoutNode   struct {
		next, Prev *layoutNode
		Other      *layoutOther
		values     [3]struct {
			a int8
			B float32
		}
	}
	layoutOther struct {
		Node *layoutNode
		Self *layoutOther
		n    int
	}
	layoutArrays struct {
		zero    [0]func()
		One     [1]layoutText
		many    [4][2]int16
		structs [2]layoutPair[int8, []string]
		empties [7]struct{}
		Large   [1000]complex64
		pointer *[5]layoutOther
	}
	layoutPair[K comparable, V any] struct {
		Key   K
		value V
	}
	layoutGeneric[T any] struct {
		pair  layoutPair[string, T]
		Next  *layoutGeneric[T]
		other []layoutPair[layoutText, *T]
	}
	layoutEmbedded struct {
		layoutText
		*layoutNode
		layoutPair[int, layoutText]
		sync.Mutex
		error
		time.Time
	}
	layoutBlank struct {
		_ int32
		a int8
		_ [3]byte
		_ struct{}
		b *int
		_ func()
		c struct{}
	}
	layoutForeign struct {
		a time.Time
		B sync.WaitGroup
		c strings.Builder
		d bytes.Buffer
		E atomic.Int64
		f atomic.Pointer[layoutNode]
		G netip.Addr
		h reflect.Value
		k template.Template
		l bufio.ReadWriter
		m reflect.Method
		n os.File
		p sync.Pool
	}
)

var layoutTypes = []any{
	(*layoutKinds)(nil), (*layoutNamed)(nil), (*layoutText)(nil), (*layoutList)(nil), (*layoutFunc)(nil), (*layoutReader)(nil),
	(*layoutNode)(nil), (*layoutOther)(nil), (*layoutArrays)(nil), (*layoutPair[int, string])(nil),
	(*layoutPair[layoutText, []*layoutPair[int, float64]])(nil), (*layoutGeneric[int])(nil), (*layoutGeneric[layoutNode])(nil),
	(*layoutGeneric[map[string][]*time.Time])(nil), (*layoutEmbedded)(nil), (*layoutBlank)(nil), (*layoutForeign)(nil),
	(*time.Time)(nil), (*layoutPair[struct{ X, y int }, map[int]layoutText])(nil), (*reflect.Value)(nil), (*netip.Prefix)(nil), (*template.Template)(nil),
	(*int)(nil), (*string)(nil), (*error)(nil), (*any)(nil), (*struct{})(nil), (*[3]layoutBlank)(nil), (*[]layoutNode)(nil),
	(*func(int) layoutText)(nil), (*unsafe.Pointer)(nil), (**layoutKinds)(nil),
	(*struct {
		a layoutOther
		_ struct{ X []layoutText }
	})(nil),
}
