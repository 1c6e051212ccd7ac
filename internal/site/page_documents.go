package site

import (
	"bytes"
	"html/template"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/steplog"
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
	History   []StepRow     // of the checklist
	Steps     string        // the page that says more of them
	Crumb     template.HTML // the list that it stands in, where there are several sources
}

func (s *pager) addDocuments() {
	for _, src := range s.sources {
		s.add(src.folder("process/"), "document", func() framed {
			return s.documentPage(src, src.process, "process", s.words.T("document.process-title"), src.config.Process)
		})
		s.add(src.folder("checklist/"), "document", func() framed {
			p := s.documentPage(src, src.template, "checklist", s.words.T("document.checklist-title"), src.config.Template)
			p.setHistory(src)
			return p
		})
	}
	if s.several() {
		s.addDocumentLists()
	}
}

func (s *pager) documentPage(src *source, d *Document, name, title, file string) DocumentPage {
	p := DocumentPage{Page: s.page(src.folder(name+"/"), title, name), Name: name, Source: file, Missing: d == nil}
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

// setHistory says of each step of the checklist how it fared, in a table and in short
// beside the step itself.
func (p *DocumentPage) setHistory(src *source) {
	if src.template == nil || len(src.template.Steps) == 0 {
		return
	}
	p.Steps = src.folder(stepsFolder)
	body := string(p.Body)
	for _, l := range p.site.stepHistories()[src].Lines {
		if l.Number < 0 {
			break
		}
		row := p.stepRow(l, src)
		row.Link = fragmentLink("", l.ID, l.Label)
		p.History = append(p.History, row)
		at := ` id="` + template.HTMLEscapeString(l.ID) + `">`
		body = strings.Replace(body, at, at+string(p.fared(row, l)), 1)
	}
	p.Body = template.HTML(body)
}

// fared is a step's history in short: a link to its row.
func (p Page) fared(row StepRow, l *steplog.Line) template.HTML {
	w, state, words := p.site.words, records.Done, "steps.fared-done"
	switch {
	case l.N == 0:
		return ""
	case row.Failed.Count > 0:
		state, words = records.StepFailed, "steps.fared-failed"
	}
	return fragmentLink("fared "+string(state), row.ID, w.T(words, "of", w.T("metrics.of", "k", l.Of(state), "n", l.N)))
}

// ProblemsPage lists the problems of the build.
type ProblemsPage struct {
	Page
	Beside
	Files    []ProblemFile
	Imported bool // some records are: what is odd in their text is not listed
}

// ProblemFile is the problems of one file.
type ProblemFile struct {
	File     string
	URL      string // where the forge shows it, or ""
	E        *Entry // nil where the file is not shown
	Problems []problem.Problem
	More     int // that only the command names
}

// SeverityName is the severity for people.
func (p ProblemsPage) SeverityName(s problem.Severity) string {
	return p.site.words.T("problems." + string(s))
}

// maxProblems is how many problems a page lists.
const maxProblems = 2000

func (s *pager) addProblems() {
	byFile := map[string]*Entry{}
	for _, e := range s.Entries {
		if e.ProblemCount > 0 {
			byFile[e.source.project.Shown(e.File)] = e
		}
	}
	each := map[string]int{}
	for _, p := range s.Problems {
		each[p.File]++
	}
	most := share(slices.Collect(maps.Values(each)), s.room(saidBytes))
	var shown []problem.Problem
	more := map[string]int{}
	for i, p := range s.Problems {
		if i >= most && s.Problems[i-most].File == p.File { // they are in order
			more[p.File]++
			continue
		}
		shown = append(shown, p)
	}
	folder := func(i int) string { return partOf("problems/", i) }
	imported := slices.ContainsFunc(s.Entries, func(e *Entry) bool { return e.Imported() != "" })
	eachPart(shown, maxProblems, folder, func(at string, problems []problem.Problem, beside Beside) {
		s.add(at, "problems", func() framed {
			return ProblemsPage{s.page(at, s.words.T("problems.title"), "problems"), beside, s.problemFiles(problems, byFile, more), imported}
		})
	})
}

// problemFiles are problems by their files; more is how many of a file are not shown.
func (s *pager) problemFiles(problems []problem.Problem, byFile map[string]*Entry, more map[string]int) (files []ProblemFile) {
	for _, problem := range problems {
		if len(files) == 0 || files[len(files)-1].File != problem.File {
			files = append(files, ProblemFile{File: problem.File, E: byFile[problem.File], More: more[problem.File], URL: s.problemURL(problem.File)})
		}
		last := &files[len(files)-1]
		last.Problems = append(last.Problems, problem)
	}
	return files
}

// problemURL is the address of a problem's file on a forge, "" if that is not known.
// Sources are not nested, so at most one other than the project itself has it.
func (s *pager) problemURL(file string) string {
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

func (s *pager) addNotFound() {
	s.file("404.html", func(b *bytes.Buffer) error {
		p := NotFoundPage{s.page("", s.words.T("not-found.title"), "")}
		// A host shows this page at any depth, so a relative link would miss.
		if base := p.Canonical(); base != "" {
			p.root = base
		}
		return s.theme.render(b, "notfound", p)
	})
}
