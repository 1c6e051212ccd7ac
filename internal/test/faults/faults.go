// Package faults says how thoroughly tests of faults go about it: kills, full disks,
// slow writers, many commands at once.
package faults

import "os"

// Long reports whether tests of faults try everything, as the task test-faults lets
// them. Otherwise they try a part, so that a run of all tests stays short.
func Long() bool { return os.Getenv("DEPLOYSITE_FAULTS") == "long" }

// Times is how often a test of faults tries something.
func Times(short, long int) int {
	if Long() {
		return long
	}
	return short
}
