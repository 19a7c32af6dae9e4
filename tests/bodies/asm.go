//go:build linux && (amd64 || arm64) && !purego

//lint:file-ignore U1000 go vet wants a declaration of every function in assembly.

package bodies

// Addresses of the functions in *.s.
func counterAddress() uintptr
func triangleAddress() uintptr
func ackermannAddress() uintptr
func ackAddress() uintptr
func calculateAddress() uintptr
func calcAddress() uintptr
func indirectAddress() uintptr
func indirAddress() uintptr
func wideAddress() uintptr
func wideFrameAddress() uintptr
func hugeAddress() uintptr
func leavesAddress() uintptr
func leavesFrameAddress() uintptr
func diveAddress() uintptr
func diveFrameAddress() uintptr
func endlessAddress() uintptr
func endlessFrameAddress() uintptr
func failAddress() uintptr
func strayAddress() uintptr
func strayFrameAddress() uintptr
func callerAddress() uintptr
func echoAddress() uintptr
func echo3Address() uintptr
func spinAddress() uintptr

// The functions themselves. Go code does not call them; The assembly says what
// each takes in registers.
func counter()
func triangle()
func ackermann()
func ack()
func calculate()
func calc()
func indirect()
func indir()
func wide()
func wideFrame()
func huge()
func leaves()
func leavesFrame()
func leaf()
func dive()
func diveFrame()
func endless()
func endlessFrame()
func fail()
func stray()
func strayFrame()
func caller()
func echo()
func echo3()
func spin()
