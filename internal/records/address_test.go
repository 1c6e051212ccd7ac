package records

import (
	"strings"
	"testing"
)

// A long address that thousands of links refer to is not repeated for each.
func TestLinksRepeatNoLongAddress(t *testing.T) {
	long := "[a]: https://example.org/" + strings.Repeat("u", 4000) + "\n\n"
	for name, c := range map[string]struct {
		text  string
		plain bool
	}{
		"links":       {long + strings.Repeat("[a]\n\n", 5000), true},
		"images":      {long + strings.Repeat("- ![x][a]\n", 5000), true},
		"a title":     {"[a]: /x \"" + strings.Repeat("t", 4000) + "\"\n\n" + strings.Repeat("[a]\n\n", 5000), true},
		"a few":       {long + strings.Repeat("[a]\n\n", 100), false},
		"short ones":  {"[a]: https://example.org/tickets/1\n\n" + strings.Repeat("[a]\n\n", 5000), false},
		"written out": {strings.Repeat("[a](https://example.org/"+strings.Repeat("u", 4000)+")\n\n", 500), false},
	} {
		r := Parse("2024-08-31-14-30-deployment.md", []byte(c.text), Options{})
		if isPlain := r.Document.Root == nil; isPlain != c.plain {
			t.Errorf("%s: shown as source: %v", name, isPlain)
		}
	}
}
