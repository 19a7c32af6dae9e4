package takeover

import (
	"fmt"
	"go/ast"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/morestack/morestack"
	"github.com/morestack/morestack/coro"
	"github.com/morestack/morestack/stackcopy"
)

// What generated code relies on in the library is what the number of the ABI stands for.
func TestABI(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "%d\n\n", coro.MaxABI)
	for f := range fields(reflect.TypeFor[morestack.Control]()) {
		fmt.Fprintf(&b, "%d Control.%s %v\n", f.Offset, f.Name, f.Type)
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[coro.Code](), reflect.TypeFor[coro.CodeFunc](), reflect.TypeFor[coro.Mask](), reflect.TypeFor[coro.Depth](),
		reflect.TypeFor[coro.Import](), reflect.TypeFor[coro.Layout](), reflect.TypeFor[coro.Constant](),
		reflect.TypeFor[stackcopy.Func](), reflect.TypeFor[stackcopy.Site](), reflect.TypeFor[stackcopy.Object](),
	} {
		fmt.Fprintln(&b)
		for f := range fields(typ) {
			if ast.IsExported(f.Name) {
				fmt.Fprintf(&b, "%s.%s %v\n", typ.Name(), f.Name, f.Type)
			}
		}
	}
	used := map[string]bool{}
	symbol := regexp.MustCompile(`github·com∕morestack∕morestack(?:∕coro)?·\w+`)
	for _, file := range generatedAssembly(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range symbol.FindAllString(string(text), -1) {
			used[name] = true
		}
	}
	fmt.Fprintf(&b, "\n%s\n", strings.Join(slices.Sorted(maps.Keys(used)), "\n"))
	want, err := os.ReadFile("testdata/abi.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got := b.String(); got != string(want) {
		t.Errorf("generated code relies on other things in the library than it did. Where code that was generated before "+
			"would not build and run as it did, increase MaxABI and MinABI of package coro; then testdata/abi.txt is:\n%s", got)
	}
}

func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if !yield(t.Field(i)) {
				return
			}
		}
	}
}
