package text

import (
	"regexp"
	"sync"
)

// Pattern returns a function that gives the regular expression s, which is compiled when it is first asked for: the
// commands have some 200 of them, use few, and would start half as fast if each were compiled before. It panics
// then if s is no regular expression.
func Pattern(s string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(s) })
}
