package text

import "regexp"

var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[1-9¹²³]) *(\.|$)`)

// IsDevice reports whether Windows takes a file's name for that of a device, such as
// "con" and "LPT1.txt".
func IsDevice(name string) bool { return device.MatchString(name) }
