package insights

import (
	"bytes"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/records"
)

// FormerKeys are the keys that steps had before they were renamed, by their IDs. A
// comment in the step, here or in the checklist, is what tells:
//
//   - [ ] **Read the plan** <!-- was: pre-flight/review-plan -->
//
// Nothing else does: words that are alike may be two steps. It needs the record's
// source and tree.
func FormerKeys(r *records.Record) map[string][]string {
	if r.Document.Root == nil || !bytes.Contains(r.Source, []byte("was:")) {
		return nil
	}
	steps, former := stepIDs(r), map[string][]string{}
	ast.Walk(r.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		key, says := bytes.CutPrefix(bytes.TrimSpace(comment(r, n)), []byte("was:"))
		if id := stepAround(n, steps); says && id != "" {
			former[id] = append(former[id], string(bytes.TrimSpace(key)))
		}
		return ast.WalkContinue, nil
	})
	return former
}
