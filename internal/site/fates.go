package site

import (
	"html/template"
	"regexp"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// A NoteFate is what became of a note: it reached the checklist, or a later
// deployment took the tip up, or turned it down.
type NoteFate struct {
	Page      string // with the anchor of the step that it became
	Words     string // such as "In the checklist now"
	Dismissed bool
	Reason    string // why it was dismissed, "" where nobody wrote it
}

// joinFates finds what became of the notes, in each source by itself: its
// checklist and its people decide on its tips.
func (l *loader) joinFates(src *source) {
	var checklist []insights.TipMark
	if src.template != nil {
		checklist = src.marks(insights.TipMarks(src.template.Record))
	}
	history := make([]insights.Marked, len(src.entries))
	for i, e := range src.entries {
		history[i] = insights.Marked{Record: e.Record, Marks: e.tipMarks}
	}
	fates := insights.Fates(history, checklist)
	for _, e := range src.entries {
		for _, n := range e.Notes {
			if n.Kind != records.Tips {
				continue
			}
			if f := fates[insights.TipRef{Record: e.ID, Note: n.ID}]; f.State != insights.TipOpen {
				n.Fate = l.fate(src, f)
			}
		}
	}
	l.joinAdopted(src)
}

// marks gives the tips that comments name their IDs on the whole site.
func (src *source) marks(all []insights.TipMark) []insights.TipMark {
	for i := range all {
		all[i].Tip.Record = src.project.ID(all[i].Tip.Record)
	}
	return all
}

func (l *loader) fate(src *source, f insights.Fate) *NoteFate {
	if f.Checklist {
		return &NoteFate{Page: src.folder("checklist/") + "#" + f.StepID, Words: l.words.T("fate.adopted"), Dismissed: f.State == insights.TipDismissed, Reason: f.Reason}
	}
	e := l.byID[f.Record.ID]
	if f.State == insights.TipAccepted {
		return &NoteFate{Page: e.Page() + "#" + f.StepID, Words: l.words.T("fate.taken-up", "day", e.Day())}
	}
	dismissed := l.words.T("fate.dismissed", "day", e.Day())
	if f.By != "" {
		dismissed = l.words.T("fate.dismissed-by", "person", src.person(f.By), "day", e.Day())
	}
	return &NoteFate{Page: e.Page(), Words: dismissed, Dismissed: true, Reason: f.Reason}
}

// adoption is a record's ID and a note's, as a comment in the checklist names them.
var adoption = regexp.MustCompile(`([\pL\pN][\pL\pN._-]+)#((?:well|issue|lesson|tip)-[^\s>]+)`)

// joinAdopted finds the notes that a step of the checklist names: it took them up.
func (l *loader) joinAdopted(src *source) {
	if src.template == nil {
		return
	}
	for i := range src.template.Steps {
		step := &src.template.Steps[i]
		for _, m := range adoption.FindAllSubmatch(src.template.Source[step.Span.Start:step.Span.End], -1) {
			e := l.byID[src.project.ID(string(m[1]))]
			if e == nil {
				continue
			}
			for _, n := range e.Notes {
				if n.ID == string(m[2]) {
					n.Fate = &NoteFate{Page: src.folder("checklist/") + "#" + step.ID, Words: l.words.T("fate.adopted")}
				}
			}
		}
	}
}

// fateLine shows what became of a note, "" if nothing did.
func (p Page) fateLine(n *NoteView) template.HTML {
	f := n.Fate
	if f == nil {
		return ""
	}
	class := "adopted"
	if f.Dismissed {
		class = "dismissed"
	}
	line := p.anchor("", f.Page, f.Words)
	if f.Reason != "" {
		line = p.site.words.Rich("fate.reason", "fate", line, "reason", f.Reason)
	}
	return template.HTML(`<p class="` + class + `">` + string(line) + "</p>\n")
}
