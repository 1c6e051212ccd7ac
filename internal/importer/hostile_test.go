package importer

import (
	"strings"
	"testing"
)

// A file whose text cannot be laid out gives no deployments, and says what is left; one
// with a merge conflict is refused with its lines.
func TestTextsThatCannotBeLaidOut(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"quotes":   {strings.Repeat("> ", 300_000), ""},
		"fences":   {strings.Repeat("```\n", 200_000), ""},
		"items":    {strings.Repeat("- ", 300_000), ""},
		"labels":   {"**Date:** 2024-08-31\n\n" + strings.Repeat("> ", 300_000), ""},
		"conflict": {"## 2024-08-31\n\n<<<<<<< ours\n- [x] a\n=======\n- [ ] a\n>>>>>>> theirs\n", "a merge conflict is not solved: <<<<<<< in line 3"},
	} {
		r := Read([]Source{{Name: "log.md", Data: []byte(test.text)}}, Options{})
		if len(r.Drafts) > 0 || len(r.Rest) == 0 || !strings.Contains(r.Rest[0].Problem.Message, test.want) {
			t.Errorf("%s: %d deployments, and what is left is %+v", name, len(r.Drafts), r.Rest)
		}
	}
}
