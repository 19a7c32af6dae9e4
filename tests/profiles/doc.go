// Package profiles tests what profilers, tracers and tracebacks show of bodies.
package profiles
