package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/deploysite/deploysite/internal/export"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/store"
)

// Stream gives the records of all sources one after the other, without making a site
// of them: a history of any length takes little memory. Their texts have marks in the
// places of secrets. The last error is of files that could not be read; the other
// records have been given then.
func Stream(ctx context.Context, p *project.Project, order store.Order) iter.Seq2[export.Record, error] {
	return func(yield func(export.Record, error) bool) {
		var unreadable problem.List
		people := project.NewPeople(p)
		var all []iter.Seq2[export.Record, error]
		for _, src := range p.Sources() {
			s := streamed{site: p, source: src, person: people.Of(src).Name,
				repository: sync.OnceValue(func() string { return repositoryOf(ctx, src) })}
			all = append(all, s.records(ctx, order, func(found problem.Problem) {
				if found.Rule == problem.Unreadable {
					found.File = src.Shown(found.File)
					unreadable = append(unreadable, found)
				}
			}))
		}
		for r, err := range merged(all, order) {
			if !yield(r, err) || err != nil {
				return
			}
		}
		if len(unreadable) > 0 {
			problem.Sort(unreadable)
			yield(export.Record{}, unreadable)
		}
	}
}

// Checklists are those of all sources, with marks in the places of secrets.
func Checklists(p *project.Project) (all []export.Record, err error) {
	people := project.NewPeople(p)
	for _, src := range p.Sources() {
		file := src.Config.Template
		text, err := src.ReadDocument(file, maxDocument)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("reading the checklist %s: %w", src.Shown(file), err)
		}
		files := &secrets.Files{Finder: finder(src.Config, p.Config)}
		s := streamed{site: p, source: src, person: people.Of(src).Name}
		one := s.record(records.ParseTemplate(file, files.Mask(file, text).Source, src.Options()))
		one.ID, one.IsChecklist = src.ID(""), true
		all = append(all, one)
	}
	return all, nil
}

// streamed is a source whose records are given one after the other.
type streamed struct {
	site, source *project.Project
	person       func(string) string
	repository   func() string
}

// repositoryOf is the address that the configuration says, else that of the remote.
func repositoryOf(ctx context.Context, src *project.Project) string {
	if address := src.Config.Repository; address != "" {
		return address
	}
	repo, err := git.Open(src.Root)
	if err != nil {
		return "" // as on pages, where nothing is known of it
	}
	remote, _ := repo.Remote(ctx)
	return remote
}

func (s streamed) records(ctx context.Context, order store.Order, report func(problem.Problem)) iter.Seq2[export.Record, error] {
	return func(yield func(export.Record, error) bool) {
		root, err := os.OpenRoot(s.source.Root)
		if err != nil {
			yield(export.Record{}, s.named(err))
			return
		}
		defer root.Close()
		files := &secrets.Files{FS: root.FS(), Finder: finder(s.source.Config, s.site.Config)}
		for r, err := range store.Stream(ctx, files, s.source.Config.Records, order, s.source.Options(), report) {
			if err != nil {
				yield(export.Record{}, s.named(err))
				return
			}
			files.Forget(r.File)
			if !yield(s.record(r), nil) {
				return
			}
		}
	}
}

// named is an error that says in which source it was.
func (s streamed) named(err error) error {
	if name := s.source.Source.Name; name != "" {
		return fmt.Errorf("source %q: %w", name, err)
	}
	return err
}

func (s streamed) record(r *records.Record) export.Record {
	r.ID = s.source.ID(r.ID)
	return export.Record{Record: r, Shown: s.source.Shown(r.File), Person: s.person, Named: s.id,
		Repository: s.repository, IsProduction: s.source.Config.IsProduction}
}

// id is the ID on the whole site of a record that one of the source names: of its own,
// or "SOURCE/ID" of another one.
func (s streamed) id(named string) string {
	if source, _, ok := strings.Cut(named, "/"); ok &&
		slices.ContainsFunc(s.site.Sources(), func(p *project.Project) bool { return p.Source.Name == source }) {
		return named
	}
	return s.source.ID(named)
}

// merged gives what several sources give, each in an order, in that one.
func merged(all []iter.Seq2[export.Record, error], order store.Order) iter.Seq2[export.Record, error] {
	return func(yield func(export.Record, error) bool) {
		heads := make([]*head, len(all))
		for i, seq := range all {
			next, stop := iter.Pull2(seq)
			defer stop()
			heads[i] = &head{next: next}
			heads[i].advance()
		}
		for {
			heads = slices.DeleteFunc(heads, func(h *head) bool { return !h.ok })
			if len(heads) == 0 {
				return
			}
			first := slices.MinFunc(heads, func(a, b *head) int { return before(a, b, order) })
			if !yield(first.record, first.err) || first.err != nil {
				return
			}
			first.advance()
		}
	}
}

// A head is the next record of one source.
type head struct {
	next   func() (export.Record, error, bool)
	record export.Record
	err    error
	ok     bool
}

func (h *head) advance() { h.record, h.err, h.ok = h.next() }

// before puts an error first, and then the record that is first.
func before(a, b *head, order store.Order) int {
	switch {
	case a.err != nil:
		return -1
	case b.err != nil:
		return 1
	}
	return int(order) * records.NewestFirst(a.record.Record, b.record.Record)
}
