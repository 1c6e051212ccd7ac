package insights

import (
	"bytes"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// FormerKeys are the keys that steps had before they were renamed, by their IDs. A
// comment in the step, here or in the checklist, is what tells:
//
//   - [ ] **Read the plan** <!-- was: pre-flight/review-plan -->
//
// Nothing else does: words that are alike may be two steps. People may write what the
// step was called, "Review the plan" or "Pre-flight / Review the plan"; without a
// section it is that of the step, or none. It needs the record's source and tree.
func FormerKeys(r *records.Record) map[string][]string {
	if !bytes.Contains(r.Source, []byte("was:")) {
		return nil
	}
	former, keys := map[string][]string{}, map[string]string{}
	for i := range r.Steps {
		keys[r.Steps[i].ID] = r.Steps[i].Key
	}
	for _, c := range Comments(r) {
		if key, says := bytes.CutPrefix(bytes.TrimSpace(c.Text), []byte("was:")); says && c.StepID != "" {
			former[c.StepID] = append(former[c.StepID], formerKeys(string(key), keys[c.StepID])...)
		}
	}
	return former
}

// formerKeys are the keys that a comment in a step of some key can mean.
func formerKeys(said, now string) (keys []string) {
	section, label, ok := strings.Cut(said, "/")
	switch {
	case strings.TrimSpace(said) == "":
		return nil
	case ok:
		return []string{text.WholeSlug(section) + "/" + text.WholeSlug(label)}
	}
	if at := strings.LastIndexByte(now, '/'); at >= 0 {
		keys = append(keys, now[:at+1]+text.WholeSlug(said))
	}
	return append(keys, text.WholeSlug(said))
}
