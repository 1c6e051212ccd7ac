package site

import (
	"bytes"
	"fmt"
	"html/template"

	"github.com/deploysite/deploysite/internal/records"
)

// DocumentPage is the process document or the checklist.
type DocumentPage struct {
	Page
	Name      string // "process" or "checklist"
	Source    string // where it stands, or should stand
	Missing   bool
	Body      template.HTML
	Contents  Contents
	SourceURL string
	History   []StepHistory // of the checklist
}

// StepHistory is how one step of the checklist fared in all records.
type StepHistory struct {
	Number int
	ID     string // of the step on the checklist page
	Label  string
	Count  map[records.State]int
	Last   *Entry // the latest record in which it failed
}

// Filter is the timeline's filter for the records in which the step is in a state.
func (h StepHistory) Filter(s records.State) string { return fmt.Sprintf("%d%c", h.Number, s[0]) }

// Get is the count of one state.
func (h StepHistory) Get(s records.State) int { return h.Count[s] }

func (o *outputBuilder) documents() {
	s := o.site
	o.add("process/", "document", func() framed {
		return s.documentPage(s.Process, "process", s.words.T("document.process-title"), s.config.Process)
	})
	o.add("checklist/", "document", func() framed {
		p := s.documentPage(s.Template, "checklist", s.words.T("document.checklist-title"), s.config.Template)
		p.History = s.stepHistory()
		return p
	})
}

func (s *Site) documentPage(d *Document, name, title, file string) DocumentPage {
	p := DocumentPage{Page: s.page(name+"/", title, name), Name: name, Source: file, Missing: d == nil}
	if d == nil {
		return p
	}
	if !d.Title.IsZero() {
		p.Title = d.Title.Value
	}
	p.Body, p.Contents = d.Body, contents(d.Sections, d.Title.Value)
	if s.config.Repository != "" {
		p.SourceURL = s.forge().blob() + escapePage(file)
	}
	return p
}

func (s *Site) stepHistory() []StepHistory {
	if s.Template == nil {
		return nil
	}
	out := make([]StepHistory, len(s.Template.Steps))
	for i, step := range s.Template.Steps {
		out[i] = StepHistory{Number: i, ID: step.ID, Label: step.Label, Count: map[records.State]int{}}
	}
	for _, e := range s.Entries {
		for _, c := range e.checked {
			h := &out[c.number]
			state := records.States[c.state]
			h.Count[state]++
			if state == records.StepFailed && h.Last == nil {
				h.Last = e
			}
		}
	}
	return out
}

// ProblemsPage is what the build could not read.
type ProblemsPage struct {
	Page
	Files []ProblemFile
}

// ProblemFile is the problems of one file.
type ProblemFile struct {
	File     string
	URL      string // where the forge shows it, or ""
	E        *Entry // nil where the file is not shown
	Problems []records.Problem
}

// SeverityName is the severity for people.
func (p ProblemsPage) SeverityName(s records.Severity) string {
	return p.site.words.T("problems." + string(s))
}

func (o *outputBuilder) problems() {
	o.add("problems/", "problems", func() framed {
		s := o.site
		p := ProblemsPage{Page: s.page("problems/", s.words.T("problems.title"), "problems")}
		byFile := map[string]*Entry{}
		for _, e := range s.Entries {
			byFile[e.File] = e
		}
		for _, problem := range s.Problems {
			if len(p.Files) == 0 || p.Files[len(p.Files)-1].File != problem.File {
				f := ProblemFile{File: problem.File, E: byFile[problem.File]}
				if s.config.Repository != "" {
					f.URL = s.forge().blob() + escapePage(problem.File)
				}
				p.Files = append(p.Files, f)
			}
			last := &p.Files[len(p.Files)-1]
			last.Problems = append(last.Problems, problem)
		}
		return p
	})
}

// NotFoundPage is shown where there is no page.
type NotFoundPage struct{ Page }

func (o *outputBuilder) notFound() {
	o.file("404.html", func(b *bytes.Buffer) error {
		p := NotFoundPage{o.site.page("", o.site.words.T("not-found.title"), "")}
		// A host shows this page at any depth, so a relative link would miss.
		if base := p.Canonical(); base != "" {
			p.root = base
		}
		return o.site.theme.render(b, "notfound", p)
	})
}
