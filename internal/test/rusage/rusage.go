// Package rusage tells what a process used, as far as its system knows. The
// benchmarks compare by it.
package rusage
