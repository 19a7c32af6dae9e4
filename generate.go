package morestack

//go:generate go run ./gen/machine
