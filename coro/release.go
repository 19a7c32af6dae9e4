//go:build linux && (amd64 || arm64) && !purego

package coro

import (
	"runtime"
	"sync/atomic"
)

// storesInOrder says that whoever sees one store of a thread sees all that it did
// before, which amd64 promises of every store and the compiler keeps to. There
// atomic.StoreUint64 is an exchange, which also waits until the store is seen, and
// would double the cost of a switch. On arm64 it is STLR, which does not wait, and is
// needed.
const storesInOrder = runtime.GOARCH == "amd64"

// storeRelease stores v at p. Who loads that v there with package atomic sees all that
// was done before. See tests/ordering.
//
//go:nosplit
func storeRelease(p *uint64, v uint64) {
	if storesInOrder {
		*p = v
	} else {
		atomic.StoreUint64(p, v)
	}
}
