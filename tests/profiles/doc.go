// Package profiles tests what profilers, tracers, tracebacks and debuggers show of bodies.
package profiles
