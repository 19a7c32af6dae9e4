// Package environments tests corogen the way users meet it: in modules of their
// own, with every arrangement of modules, toolchain and build flags that has to
// work, and with what goes wrong. Other packages test what bodies can do; here
// a handful of them stand for all (testdata).
//
// The tests run the go command, gcc for -race, and programs for arm64 under
// qemu-aarch64. They need Go 1.25.0 and 1.24.0, which the go command fetches.
// They are for the machine that generates, hence linux/amd64 only, and nothing of
// them runs in the test's own process, so that -race has nothing to see.
package environments
