package arches

const pages = 4

type registers struct{ n int }

//coro:body
func amd() {}
