//go:build linux && (amd64 || arm64) && !purego && race

package morestack

const stackMultiplier = 2
