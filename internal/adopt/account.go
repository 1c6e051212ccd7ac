package adopt

import (
	"path"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/importer"
	"github.com/deploysite/deploysite/internal/records"
)

// account says why a document tells of a single deployment, or of what may go wrong,
// and so is neither the checklist nor the process. It is "" where nothing says so. A
// checklist by its name may be called "deployment-report-template.md".
func account(name string, r *records.Record) string {
	base, title := path.Base(name), r.Title.Value+".md"
	isChecklist := checklistWords.in(base) || checklistWords.in(title)
	switch {
	case helpWords.in(base) || helpWords.in(title):
		return "it helps when something goes wrong"
	case isChecklist && listWords.in(title):
	case importer.HasDate(title):
		return "its title has a day, so it tells of a single deployment"
	case !isChecklist && (reportWords.in(base) || reportWords.in(title) || doneWords.in(base) && !processWords.in(base)):
		return "it tells of what was done"
	}
	if r.StatusFrom == records.FromBody && slices.Contains(records.Endings, r.Status) && isOfADay(r) && 2*results(r) >= len(r.Steps) {
		return "it says how a deployment ended"
	}
	return ""
}

// isOfADay reports whether the document's facts have a date, in whichever form.
func isOfADay(r *records.Record) bool {
	return r.Started.From == records.FromBody || len(r.Deployers) > 0 ||
		slices.ContainsFunc(r.Metrics, func(m records.Metric) bool { return importer.HasDate(m.Value.Value) })
}

// filledIn reports whether most of the boxes and marks have a result: a checklist that
// was worked through, or a list of features.
func filledIn(r *records.Record) bool {
	n := results(r)
	return n >= 3 && 2*n > len(r.Steps)
}

func results(r *records.Record) (n int) {
	for _, s := range r.Steps {
		if s.State != records.Pending {
			n++
		}
	}
	return n
}

// isPutAway reports whether a folder says that what lies in it is no longer used.
func isPutAway(name string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(name), "/"), archiveWords.in)
}
