package arches

const pages = 16

type registers struct{ f, n int }

//coro:body
func arm() {}
