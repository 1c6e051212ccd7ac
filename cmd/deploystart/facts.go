package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
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
		Services:    firstList(s.services, one(p.Config.Service), one(known.service)),
		Environment: firstSet(s.environment, p.Config.Environment),
		Version:     firstSet(s.version, known.tag),
		Commit:      known.commit,
		Branch:      known.branch,
		Tags:        firstList(s.tags),
	}
	for _, name := range firstList(s.deployers, one(known.author)) {
		d.Deployers = append(d.Deployers, p.Config.Person(name))
	}
	d.Title = firstSet(s.title, title(d))
	return d, nil
}

// gitFacts is what git knows; each is "" where it does not.
type gitFacts struct{ author, commit, branch, tag, service string }

const withoutGit = "or start a record without commit and author by --no-git"

// askGit collects the facts, and says where the code differs from the commit.
func (s *start) askGit(ctx context.Context, p *project.Project) (gitFacts, error) {
	if s.noGit {
		return gitFacts{}, nil
	}
	repo, err := git.Open(p.Root)
	switch {
	case errors.Is(err, git.ErrNotRepository):
		return gitFacts{}, fmt.Errorf("%s: %w; run git init, %s", cli.Shown(p.Root), err, withoutGit)
	case errors.Is(err, git.ErrNoGit):
		return gitFacts{}, fmt.Errorf("%w; install it, %s", err, withoutGit)
	case err != nil:
		return gitFacts{}, err
	}
	known, err := s.askAll(ctx, p, repo)
	if err != nil {
		return gitFacts{}, err
	}
	s.folder = known.service == "" || !samePath(p.Root, repo.Top)
	known.service = serviceName(p.Root, repo.Top, known.service)
	s.repo, s.repoService = repo, known.service
	return known, nil
}

// askAll asks all questions at once: git starts anew for each. service is the
// remote's address.
func (s *start) askAll(ctx context.Context, p *project.Project, repo *git.Repo) (known gitFacts, err error) {
	s.changedCode = meanwhile(func() ([]string, error) { return changedCode(ctx, p, repo) })
	author := func(ctx context.Context) (string, error) {
		author, err := repo.Author(ctx)
		return author.Name, err
	}
	questions := []struct {
		fact *string
		ask  func(context.Context) (string, error)
	}{{&known.author, author}, {&known.commit, repo.Head}, {&known.branch, repo.Branch}, {&known.tag, repo.Tag}, {&known.service, repo.Remote}}
	answers := make([]func() (string, error), len(questions))
	for i, q := range questions {
		answers[i] = meanwhile(func() (string, error) { return q.ask(ctx) })
	}
	for i, q := range questions {
		answer, failed := answers[i]()
		if *q.fact = answer; err == nil {
			err = failed
		}
	}
	return known, err
}

// serviceName is the repository's name on its forge, or else that of its folder.
// A project below the top has only its own folder's name.
func serviceName(root, top, remote string) string {
	if !samePath(root, top) {
		return filepath.Base(root)
	}
	if u, err := url.Parse(remote); err == nil && remote != "" {
		return path.Base(u.Path)
	}
	return filepath.Base(top)
}

func samePath(a, b string) bool { return resolved(a) == resolved(b) }

func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// changedCode lists the files that differ from the commit. A former record that
// is still being written does not count.
func changedCode(ctx context.Context, p *project.Project, repo *git.Repo) (code []string, err error) {
	modified, err := repo.Modified(ctx, inside(p.Root, p.RecordsDir()))
	for _, name := range modified {
		rel, err := filepath.Rel(resolved(p.RecordsDir()), filepath.Join(resolved(repo.Top), filepath.FromSlash(name)))
		if err != nil || !filepath.IsLocal(rel) {
			code = append(code, name)
		}
	}
	return code, err
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

// title says what goes where, as far as that is known.
func title(d records.Draft) string {
	what := strings.Join(append(one(strings.Join(d.Services, ", ")), one(d.Version)...), " ")
	switch {
	case what == "" && d.Environment == "":
		return "Deployment of " + d.Started.Format(time.DateOnly)
	case what == "":
		what = "Deployment"
	}
	if d.Environment != "" {
		what += " to " + d.Environment
	}
	return what
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
