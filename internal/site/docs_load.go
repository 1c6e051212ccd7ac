package site

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/search"
)

// findDocs finds the documents and gives each its page.
func (l *loader) findDocs(fsys fs.FS) error {
	root, problems, err := listDocs(fsys, l.home.project, l.home.pages)
	if root != nil {
		root.Title = l.words.T("nav.documents") // unless the folder has a text of its own
	}
	l.Docs = root
	l.report(l.home, problems...)
	return err
}

// loadDocs reads and renders all documents; listDocs has found them.
func (l *loader) loadDocs(ctx context.Context, fsys fs.FS) error {
	err := l.eachDoc(ctx, fsys, func(d *Doc, source []byte) ([]search.Page, []problem.Problem) {
		b := l.bodies.Get().(*render.Body)
		defer l.bodies.Put(b)
		return l.renderDoc(d, source, b)
	})
	l.Docs.sort(language.Make(l.config.Language))
	return cmp.Or(err, l.spool.err())
}

// loadDocSections reads all documents for the search alone.
func (l *loader) loadDocSections(ctx context.Context, fsys fs.FS) error {
	return l.eachDoc(ctx, fsys, func(d *Doc, source []byte) ([]search.Page, []problem.Problem) {
		return l.searchSections(l.parseDoc(d, source), search.KindDocument, d.page), nil
	})
}

// eachDoc calls read with the source of each document, from several goroutines. It
// keeps the sections and problems in the order of the files.
func (l *loader) eachDoc(ctx context.Context, fsys fs.FS, read func(*Doc, []byte) ([]search.Page, []problem.Problem)) error {
	docs := slices.DeleteFunc(l.Docs.all(), func(d *Doc) bool { return d.file == "" })
	sections, problems := make([][]search.Page, len(docs)), make([][]problem.Problem, len(docs))
	err := parallel.Until(ctx, len(docs), func(i int) {
		d := docs[i]
		source, err := disk.Read(fsys, d.file, records.MaxSize)
		if err != nil {
			d.body = l.spool.put(asSource(err.Error()))
			rule := problem.Unreadable
			if errors.As(err, new(disk.TooLarge)) || errors.As(err, new(disk.NotRegular)) {
				rule = problem.NotRead
			}
			problems[i] = []problem.Problem{rule.In(d.file, "not read: "+err.Error(), "make it a readable file of up to 4 MiB")}
			return
		}
		defer func() {
			if v := recover(); v != nil { // what fails on one document's text stays with it
				d.body = l.spool.put(asSource(string(source)))
				problems[i] = []problem.Problem{problem.ReadingFailed.In(d.file,
					fmt.Sprintf("this program fails on the text (%v); it is shown as source", v), "find the part by taking others out, and write that otherwise")}
			}
		}()
		sections[i], problems[i] = read(d, source)
	})
	for i := range docs {
		l.sections = append(l.sections, sections[i]...)
		l.report(l.home, problems[i]...)
		l.note(l.home, docs[i].file, docs[i].off)
	}
	return err
}

// addDocSums adds the hash of every document and review that can be read.
func addDocSums(p *project.Project, sums fileSums) {
	_, home := newSources(p)
	_ = inFolder(p.Root, func(fsys fs.FS) error { // loading the records says what is wrong
		pages, err := home.recordPages(fsys)
		if err != nil {
			return err
		}
		reviews, _ := listReviews(fsys, home.config, pages)
		for _, r := range reviews {
			addSums(p, sums, r.file)
		}
		docs, _, err := listDocs(fsys, home.project, pages)
		for _, d := range docs.all() {
			if source, err := disk.Read(fsys, d.file, records.MaxSize); err == nil {
				sums["documents "+d.file] = sha256.Sum256(source)
			}
		}
		return err
	})
}

// parseDoc reads a document and takes its title, weight and group.
func (l *loader) parseDoc(d *Doc, source []byte) *records.Record {
	r := records.ParseDocument(d.file, source)
	d.Title = cmp.Or(r.Title.Value, d.Title)
	r.Title.Value = d.Title
	d.words = wordCount(source)
	if f, ok := r.FrontMatter.Field("weight"); ok && f.Value.Kind != frontmatter.Null {
		d.weight = readWeight(r, f)
	}
	if f, ok := r.FrontMatter.Field("group"); ok && f.Value.Kind == frontmatter.Scalar {
		d.group = strings.TrimSpace(f.Value.Text)
	}
	return r
}

func readWeight(r *records.Record, f frontmatter.Field) float64 {
	value, err := strconv.ParseFloat(strings.TrimSpace(f.Value.Text), 64)
	if f.Value.Kind == frontmatter.Scalar && err == nil && !math.IsNaN(value) {
		return value
	}
	line, column := r.Position(f.Value.Span)
	r.Problems = append(r.Problems, problem.BadValue.At(r.File, line, column, "weight is not a number", "write a number: small ones come first"))
	return math.Inf(1)
}

func (l *loader) renderDoc(d *Doc, source []byte, b *render.Body) ([]search.Page, []problem.Problem) {
	r := l.parseDoc(d, source)
	sections := l.searchSections(r, search.KindDocument, d.page)
	d.contents = contents(r.Sections, d.Title)
	w := newWarnings(r, source)
	masked := l.home.files.Masked(d.file)
	d.off = problem.ReadOff(d.file, masked.Original(source))
	at := render.Place{Page: d.page, Links: l.home.linker(r, d.page), Anchor: l.check.anchor(l.home, r)}
	aliases := forgeSlugs(r.Sections)
	for n, alias := range aliases {
		render.InsertAnchor(n, alias)
	}
	d.body = l.spool.put(layOut(b, r, source, w, at))
	if title := b.Title(); title != nil && r.Document.Root != nil { // the page's own heading has its places then
		d.anchors = []string{sectionOf(r.Sections, title)}
		if alias := aliases[title.(*ast.Heading)]; alias != "" {
			d.anchors = append(d.anchors, alias)
		}
	}
	problems := append(r.Problems, w.problems...)
	masked.Restore(problems)
	return sections, append(masked.Problems(d.file), problems...)
}

func sectionOf(sections []records.Section, n ast.Node) string {
	for _, s := range sections {
		if s.Node == n {
			return s.ID
		}
	}
	return ""
}

// forgeSlugs returns the ids that forges give headings, if they differ from ours:
// "The record's format" is "the-records-format" there, and a second "Setup" is
// "setup-1". Links that work on the forge work here too.
func forgeSlugs(sections []records.Section) map[*ast.Heading]string {
	taken, seen := map[string]bool{}, map[string]int{}
	for _, s := range sections {
		taken[s.ID] = true
	}
	aliases := map[*ast.Heading]string{}
	for _, s := range sections {
		slug := records.ForgeSlug(s.Title)
		if n := seen[slug]; n > 0 {
			seen[slug]++
			slug = fmt.Sprintf("%s-%d", slug, n)
		} else {
			seen[slug] = 1
		}
		if id := "s-" + slug; slug != "" && !taken[id] {
			taken[id] = true
			aliases[s.Node] = id
		}
	}
	return aliases
}
