//go:build linux && (amd64 || arm64) && !purego

//lint:file-ignore U1000 go vet wants a declaration of every function in assembly.

package morestack

// findEntryPoints fills p.
//
//go:noescape
func findEntryPoints(p *entryPoints)

// The machine layer. None of these follows the convention its declaration
// suggests, so none may be called from Go: the three entries take *Control in
// the first integer register and are reached through function values, which
// leaves out the ABI wrapper and its safepoint; the exits are jumped to by
// native code, and their contracts stand above each in the assembly.
func enter()
func enterCall()
func enterRegisters()
func callGo()
func resume()
func start()
func yield()
func goCall()
func goOp()
func morestack()
func poll()
func trap()
func fail()
func fault()
func done()
func barrier()
func publish()
func writeBarrier()
func memequal()
func cmpstring()
func memmove()
func memclr()
