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

// joinFates finds what became of the notes.
func (s *Site) joinFates() {
	var checklist []insights.TipMark
	if s.Template != nil {
		checklist = insights.TipMarks(s.Template.Record)
	}
	history := make([]insights.Marked, len(s.Entries))
	for i, e := range s.Entries {
		history[i] = insights.Marked{Record: e.Record, Marks: e.tipMarks}
	}
	fates := insights.Fates(history, checklist)
	for _, n := range s.Notes {
		if n.Kind != records.Tips {
			continue
		}
		if f := fates[insights.TipRef{Record: n.Entry.ID, Note: n.ID}]; f.State != insights.TipOpen {
			n.Fate = s.fate(f)
		}
	}
	s.joinAdopted()
}

func (s *Site) fate(f insights.Fate) *NoteFate {
	if f.Checklist {
		return &NoteFate{Page: "checklist/#" + f.StepID, Words: s.words.T("fate.adopted"), Dismissed: f.State == insights.TipDismissed, Reason: f.Reason}
	}
	e := s.byID[f.Record.ID]
	if f.State == insights.TipAccepted {
		return &NoteFate{Page: e.Page() + "#" + f.StepID, Words: s.words.T("fate.taken-up", "day", e.Day())}
	}
	dismissed := s.words.T("fate.dismissed", "day", e.Day())
	if f.By != "" {
		dismissed = s.words.T("fate.dismissed-by", "person", s.config.Person(f.By), "day", e.Day())
	}
	return &NoteFate{Page: e.Page(), Words: dismissed, Dismissed: true, Reason: f.Reason}
}

// adoption is a record's ID and a note's, as a comment in the checklist names them.
var adoption = regexp.MustCompile(`([\pL\pN][\pL\pN._-]+)#((?:well|issue|lesson|tip)-[^\s>]+)`)

// joinAdopted finds the notes that the checklist took up: those that a step of
// it names.
func (s *Site) joinAdopted() {
	if s.Template == nil {
		return
	}
	for i := range s.Template.Steps {
		step := &s.Template.Steps[i]
		for _, m := range adoption.FindAllSubmatch(s.Template.Source[step.Span.Start:step.Span.End], -1) {
			e := s.byID[string(m[1])]
			if e == nil {
				continue
			}
			for _, n := range e.Notes {
				if n.ID == string(m[2]) {
					n.Fate = &NoteFate{Page: "checklist/#" + step.ID, Words: s.words.T("fate.adopted")}
				}
			}
		}
	}
}

// fateLine shows what became of a note, "" where nothing did.
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
