package compare

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

// A Found is a record of a project.
type Found struct {
	Deployment
	project *project.Project // the source that it belongs to
}

// An UnknownError says that a word stands for no record, or for several.
type UnknownError struct {
	Word string
	IDs  []string // that begin with it
	Near string   // an ID that is like it, or ""
}

func (e *UnknownError) Error() string {
	const some = 8
	switch n := len(e.IDs); {
	case n > 0:
		message := fmt.Sprintf("%d records begin with %s: %s", n, e.Word, strings.Join(e.IDs[:min(some, n)], ", "))
		if n > some {
			message += " …"
		}
		return message
	case e.Near != "":
		return fmt.Sprintf("there is no record %s; did you mean %s?", e.Word, e.Near)
	}
	return fmt.Sprintf("there is no record %s; deploysite history lists them", e.Word)
}

// IDs are those of all records of a project, of each source the newest first.
func IDs(p *project.Project) (ids []string) {
	for _, of := range names(p) {
		ids = append(ids, of.id)
	}
	return ids
}

// named is a record's file.
type named struct {
	source *project.Project
	name   string // below the folder of records
	id     string // on the whole site
}

func names(p *project.Project) (all []named) {
	for _, src := range p.Sources() {
		found, _ := folder(src).Names() // what cannot be read, the build tells
		for _, name := range found {
			all = append(all, named{src, name, src.ID(store.ID(name))})
		}
	}
	return all
}

// folder is a source's folder of records, without what is secret.
func folder(src *project.Project) store.Folder {
	return store.Folder{FS: src.Files(), Dir: src.Config.Records, Options: src.Options()}
}

// Find finds a record by its ID, the beginning of that, or its path.
func Find(p *project.Project, word string) (Found, error) {
	all := names(p)
	base := store.ID(path.Base(filepath.ToSlash(word)))
	var begin []named
	for _, of := range all {
		if of.id == word || base != "" && of.id == of.source.ID(base) && path.Base(of.name) == path.Base(filepath.ToSlash(word)) {
			return read(of)
		}
		if strings.HasPrefix(of.id, word) || strings.HasPrefix(store.ID(of.name), word) {
			begin = append(begin, of)
		}
	}
	if len(begin) == 1 {
		return read(begin[0])
	}
	unknown := &UnknownError{Word: word}
	for _, of := range begin {
		unknown.IDs = append(unknown.IDs, of.id)
	}
	if len(begin) == 0 {
		unknown.Near = text.Nearest(word, IDs(p))
	}
	return Found{}, unknown
}

func read(of named) (Found, error) {
	r, err := folder(of.source).Read(of.name)
	if err != nil {
		return Found{}, err
	}
	d := Of(r)
	r.ID = of.id
	return Found{d, of.source}, nil
}

// target is a service in an environment; where no service is named, in a source.
type target struct {
	service, environment string
	source               *project.Project
}

// Before finds what a record is compared with, as pages do; nil where there is none.
func Before(ctx context.Context, p *project.Project, of Found) (*Found, error) {
	var history []*records.Record
	sources := map[*records.Record]*project.Project{}
	for _, src := range p.Sources() {
		f := folder(src)
		loaded, err := store.Load(ctx, f.FS, f.Dir, f.Options, func(*records.Record) {})
		if err != nil {
			return nil, err
		}
		for _, r := range loaded.Records {
			r.ID, sources[r] = src.ID(r.ID), src
		}
		history = append(history, loaded.Records...)
	}
	slices.SortFunc(history, records.NewestFirst)
	neighbours := insights.AllNeighbours(history, func(r *records.Record) []target {
		src := sources[r]
		other := func(environment records.Text) int { // than production, by which a record is compared first
			if src.Config.IsProduction(environment.Value) {
				return 0
			}
			return 1
		}
		environments := slices.SortedStableFunc(slices.Values(r.Environments), func(a, b records.Text) int { return other(a) - other(b) })
		return insights.Targets(r.Services, environments, func(service, environment records.Text) target {
			at := target{service: text.Key(service.Value), environment: text.Key(environment.Value)}
			if at.service == "" {
				at.source = src
			}
			return at
		})
	})
	for _, r := range history {
		if r.ID == of.ID && neighbours[r].Previous != nil {
			found, err := Find(p, neighbours[r].Previous.ID)
			return &found, err
		}
	}
	return nil, nil
}

// InOrder are two records, the earlier one first.
func InOrder(a, b Found) (before, after Found) {
	if records.NewestFirst(a.Record, b.Record) < 0 {
		return b, a
	}
	return a, b
}

// Commits asks git for the commits between two records.
func (before Found) Commits(ctx context.Context, after Found) (Commits, error) {
	repo, err := git.Open(after.project.Root)
	if err != nil || before.project != after.project {
		return CommitsBetween(before.Record, after.Record, false, nil)
	}
	return CommitsBetween(before.Record, after.Record, repo.IsShallow(), func(from, to string, limit int) (git.Changes, error) {
		return repo.Between(ctx, from, to, limit, after.project.Config.Records)
	})
}

// people are those who deployed, each by one name.
func (f Found) people() (names []string) {
	for _, t := range f.Deployers {
		names = append(names, f.project.Config.Person(t.Value))
	}
	return names
}

// shown is a value, or that it is unknown.
func shown(value string) string { return cmp.Or(text.OneLine(value, 60), "unknown") }
