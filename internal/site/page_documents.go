package site

import (
	"bytes"
	"fmt"
	"html/template"
	"path"
	"strings"

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
	Crumb     template.HTML // the list that it stands in, where there are several sources

	source *source
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
	for _, src := range s.sources {
		o.add(src.folder("process/"), "document", func() framed {
			return s.documentPage(src, src.process, "process", "How we deploy", src.config.Process)
		})
		o.add(src.folder("checklist/"), "document", func() framed {
			p := s.documentPage(src, src.template, "checklist", "The checklist", src.config.Template)
			p.History = src.stepHistory()
			return p
		})
	}
	if s.several() {
		o.documentLists()
	}
}

func (s *Site) documentPage(src *source, d *Document, name, title, file string) DocumentPage {
	p := DocumentPage{Page: s.page(src.folder(name+"/"), title, name), Name: name, Source: file, Missing: d == nil, source: src}
	if src.name != "" {
		p.Crumb = p.anchor("", name+"/", title) + " / " + p.anchor("", src.timeline(), src.name)
	}
	if d == nil {
		return p
	}
	if !d.Title.IsZero() {
		p.Title = d.Title.Value
	}
	p.Body, p.Contents = d.Body, contents(d.Sections, d.Title.Value)
	p.SourceURL = src.fileURL(file)
	return p
}

func (src *source) stepHistory() []StepHistory {
	if src.template == nil {
		return nil
	}
	out := make([]StepHistory, len(src.template.Steps))
	for i, step := range src.template.Steps {
		out[i] = StepHistory{Number: i, ID: step.ID, Label: step.Label, Count: map[records.State]int{}}
	}
	for _, e := range src.entries {
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

func (o *outputBuilder) problems() {
	o.add("problems/", "problems", func() framed {
		s := o.site
		p := ProblemsPage{Page: s.page("problems/", "Problems", "problems")}
		byFile := map[string]*Entry{}
		for _, e := range s.Entries {
			byFile[e.source.project.Shown(e.File)] = e
		}
		for _, problem := range s.Problems {
			if len(p.Files) == 0 || p.Files[len(p.Files)-1].File != problem.File {
				p.Files = append(p.Files, ProblemFile{File: problem.File, E: byFile[problem.File], URL: s.problemURL(problem.File)})
			}
			last := &p.Files[len(p.Files)-1]
			last.Problems = append(last.Problems, problem)
		}
		return p
	})
}

// problemURL is where a forge shows the file of a problem, "" where that is not
// known. Sources do not lie in each other, so at most one other than the project
// itself fits.
func (s *Site) problemURL(file string) string {
	url := ""
	for _, src := range s.sources {
		inside, ok := strings.CutPrefix(file, src.project.Shown("")+"/")
		if src.project.Shown("x") == "x" && !strings.HasPrefix(file, "../") && !path.IsAbs(file) {
			inside, ok = file, url == ""
		}
		if ok {
			url = src.fileURL(inside)
		}
	}
	return url
}

// NotFoundPage is shown where there is no page.
type NotFoundPage struct{ Page }

func (o *outputBuilder) notFound() {
	o.file("404.html", func(b *bytes.Buffer) error {
		p := NotFoundPage{o.site.page("", "Page not found", "")}
		// A host shows this page at any depth, so a relative link would miss.
		if base := p.Canonical(); base != "" {
			p.root = base
		}
		return o.site.theme.render(b, "notfound", p)
	})
}
