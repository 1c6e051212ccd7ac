//go:build !linux

package watch

// remoteDisk is unknown on this system; --poll helps.
func remoteDisk(string) string { return "" }
