module github.com/morestack/morestack

go 1.25.0

require (
	github.com/mmcloughlin/avo v0.6.0
	golang.org/x/arch v0.20.0
	golang.org/x/sync v0.16.0
	golang.org/x/sys v0.36.0
	golang.org/x/tools v0.36.0
)

require golang.org/x/mod v0.27.0 // indirect
