package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
)

// draft puts together what is known: from the flags, else from git, else from
// the configuration. Nothing is guessed.
func (s *start) draft(ctx context.Context, p *project.Project, started time.Time) (records.Draft, error) {
	known, err := s.askGit(ctx, p)
	if err != nil {
		return records.Draft{}, err
	}
	d := records.Draft{
		Started:     started,
		Services:    firstList(s.services, one(p.Config.Service), one(s.repoService)),
		Environment: firstSet(s.environment, p.Config.Environment),
		Version:     firstSet(s.version, known.Tag),
		Commit:      known.Commit,
		Branch:      known.Branch,
		Tags:        firstList(s.tags),
	}
	for _, name := range firstList(s.deployers, one(known.Author)) {
		d.Deployers = append(d.Deployers, p.Config.Person(name))
	}
	d.Title = firstSet(s.title, d.DefaultTitle())
	return d, nil
}

const withoutGit = "or start a record without commit and author by --no-git"

// askGit collects the facts, and begins to look where the code differs from the
// commit.
func (s *start) askGit(ctx context.Context, p *project.Project) (git.Facts, error) {
	if s.noGit {
		return git.Facts{}, nil
	}
	repo, err := git.Open(p.Root)
	switch {
	case errors.Is(err, git.ErrNotRepository):
		return git.Facts{}, fmt.Errorf("%s: %w; run git init, %s", cli.Shown(p.Root), err, withoutGit)
	case errors.Is(err, git.ErrNoGit):
		return git.Facts{}, fmt.Errorf("%w; install it, %s", err, withoutGit)
	case err != nil:
		return git.Facts{}, err
	}
	s.changedCode = meanwhile(func() ([]string, error) { return repo.ModifiedOutside(ctx, p.RecordsDir()) })
	known, err := repo.Facts(ctx)
	if err != nil {
		return git.Facts{}, err
	}
	s.repo = repo
	s.repoService, s.folder = repo.Name(known.Remote)
	return known, nil
}

// warnOfChanges tells that the code to be deployed may not be the commit's.
func (s *start) warnOfChanges(commit string) error {
	if s.changedCode == nil {
		return nil
	}
	code, err := s.changedCode()
	if err != nil || len(code) == 0 {
		return err
	}
	const some = 3
	list := strings.Join(code[:min(some, len(code))], ", ")
	if more := len(code) - some; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	s.env.Tell("Careful: uncommitted changes in %s. What you deploy may not be commit %.12s, which the record names.", list, commit)
	return nil
}

// meanwhile does something while other things are done. The function that it
// gives waits for what comes of it, and is called once.
func meanwhile[T any](do func() (T, error)) (wait func() (T, error)) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := do()
		done <- result{value, err}
	}()
	return func() (T, error) {
		r := <-done
		return r.value, r.err
	}
}

// one is a list of what is known: a value, or nothing.
func one(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// firstList is the first list that holds more than empty values.
func firstList(lists ...[]string) []string {
	for _, list := range lists {
		var set []string
		for _, value := range list {
			set = append(set, one(strings.TrimSpace(value))...)
		}
		if len(set) > 0 {
			return set
		}
	}
	return nil
}

func firstSet(values ...string) string {
	for _, value := range values {
		if value = strings.TrimSpace(value); value != "" {
			return value
		}
	}
	return ""
}
