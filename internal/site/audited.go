package site

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/audit"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/lint"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/text"
)

// AuditOptions says what is drawn for an audit.
type AuditOptions struct {
	From, To string // the first and the last day, in the site's zone; "" without
	Sample   int    // how many
	Seed     string // the same seed draws the same
	Check    bool   // check signatures with this machine's keys, which takes a while
}

// Audit draws a sample of the deployments to production that began in a time, and
// gathers what records and git show of each.
func (s *Site) Audit(ctx context.Context, opt AuditOptions) (*audit.Report, error) {
	r := &audit.Report{From: opt.From, To: opt.To, Seed: opt.Seed, Require: append([]string{}, s.config.Audit.Require...), Sample: []*audit.Item{}}
	population := s.population(opt, r)
	drawn := audit.Draw(population, func(e *Entry) string { return e.ID }, opt.Seed, opt.Sample)
	bySource := map[*source][]*Entry{}
	for _, e := range drawn {
		bySource[e.source] = append(bySource[e.source], e)
	}
	for src, entries := range bySource {
		if err := s.auditSource(ctx, r, src, entries, opt.Check); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(r.Sample, audit.Rank)
	return r, nil
}

// population are the deployments to production that began in the time. It counts them
// in the report, and those that name no environment.
func (s *Site) population(opt AuditOptions, r *audit.Report) (all []*Entry) {
	for _, e := range s.Entries {
		switch {
		case e.Planned || !isWithin(e, opt, s.config.Location):
		case e.isProduction():
			all = append(all, e)
		case len(e.Environments) == 0:
			r.Apart++
		}
	}
	r.Population = len(all)
	return all
}

// auditSource adds those of one source, whose repository is asked once.
func (s *Site) auditSource(ctx context.Context, r *audit.Report, src *source, entries []*Entry, check bool) (err error) {
	a := &auditing{source: src, finder: s.finder(src)}
	if src.trail.repo != nil {
		if a.objects, err = src.trail.repo.ReadObjects(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, a.objects.Close()) }()
		if err := a.readSignatures(ctx, entries, check); err != nil {
			return err
		}
	}
	for _, e := range entries {
		d, err := a.deployment(ctx, e)
		if err != nil {
			return err
		}
		require := r.Require
		if src.beforeAudits(e.Record) {
			require = nil
		}
		r.Sample = append(r.Sample, audit.Of(d, require))
	}
	return nil
}

// auditing reads what git shows of a source's records.
type auditing struct {
	source     *source
	finder     secrets.Finder
	objects    *git.ObjectReader // nil where git cannot be asked
	signatures map[string]audit.Signature
}

func (a *auditing) readSignatures(ctx context.Context, entries []*Entry, check bool) error {
	a.signatures = map[string]audit.Signature{}
	var signed []string
	for _, e := range entries {
		for _, c := range e.Commits {
			if _, known := a.signatures[c.Hash]; known {
				continue
			}
			is, err := a.objects.IsSigned(c.Hash)
			if err != nil {
				return err
			}
			a.signatures[c.Hash] = audit.NoSignature
			if is {
				a.signatures[c.Hash] = audit.Unchecked
				signed = append(signed, c.Hash)
			}
		}
	}
	if !check {
		return nil
	}
	letters, err := a.source.trail.repo.Verify(ctx, signed)
	for hash, letter := range letters {
		a.signatures[hash] = signature(letter)
	}
	return err
}

// isWithin reports whether a deployment began in the time that is audited. One without a
// date is in it: nobody can tell that it is not.
func isWithin(e *Entry, opt AuditOptions, zone *time.Location) bool {
	if e.Started.IsZero() {
		return true
	}
	day := e.Started.Time.In(zone).Format(time.DateOnly)
	return (opt.From == "" || day >= opt.From) && (opt.To == "" || day <= opt.To)
}

// beforeAudits reports whether a deployment began before the team demanded anything.
func (src *source) beforeAudits(r *records.Record) bool {
	return !r.Started.IsZero() && r.Started.Time.In(src.config.Location).Format(time.DateOnly) < src.config.Audit.From
}

// demanded finds which facts a record lacks that the team demands of deployments to
// production, once they have ended. Of an imported one nobody demands anything.
func demanded(src *source, r *records.Record) (found []problem.Problem) {
	rule := src.config.Audit
	production := len(r.Environments) == 0 || slices.ContainsFunc(records.Values(r.Environments), src.config.IsProduction)
	if !lint.HasEnded(r) || r.Imported() != "" || !production || src.beforeAudits(r) {
		return nil
	}
	for _, fact := range audit.Missing(r, src.person, rule.Require) {
		says, hint := "the record does not say "+fact+", which is demanded of each deployment", "write "+fact+": … into its front matter"
		if fact == audit.FourEyes {
			says, hint = "nobody approved it who did not deploy it, and that is demanded of each deployment", "name who did: approved_by: …"
		} else if name, ok := strings.CutPrefix(fact, audit.LinkPrefix); ok {
			hint = "write links: { " + name + ": https://… } into its front matter"
		}
		if meant := audit.Meant(fact); meant != "" {
			hint += "; or is " + meant + " meant? Then correct [audit] require in " + project.ConfigName
		}
		found = append(found, problem.MissingFact.In(r.File, says, hint))
	}
	return found
}

// deployment is what the site and git know of one.
func (a *auditing) deployment(ctx context.Context, e *Entry) (d audit.Deployment, err error) {
	d = audit.Deployment{Record: e.Record, Shown: a.source.project.Shown(e.File), Person: a.source.person, Committed: e.gap != uncommitted, Differs: e.differs}
	for _, c := range e.StepCounts {
		d.Steps += c.Count
		if c.State == records.Done {
			d.Done += c.Count
		}
	}
	if e.gap != noGap && e.gap != uncommitted {
		d.Trail = string(e.gap)
	}
	for _, c := range slices.Backward(e.Commits) {
		d.Commits = append(d.Commits, audit.Commit{Hash: c.Hash, Author: a.author(c), Time: audit.Time(c.Time), Subject: a.finder.Text(c.Subject), Signature: a.signatures[c.Hash]})
	}
	if a.objects != nil {
		d.Changes, err = a.changes(ctx, e)
	}
	return d, err
}

func (a *auditing) author(c git.Commit) string { return a.finder.Text(a.source.person(c.Author)) }

// signature is what git's letter means.
func signature(letter string) audit.Signature {
	switch letter {
	case "G", "U":
		return audit.GoodSignature
	case "B":
		return audit.BadSignature
	case "X", "Y":
		return audit.Expired
	case "R":
		return audit.Revoked
	}
	return audit.Unchecked
}

// changes are the commits that changed a record after the first in which the deployment
// had ended, the oldest first.
func (a *auditing) changes(ctx context.Context, e *Entry) (all []audit.Change, err error) {
	var before *records.Record
	var from git.Commit
	for _, c := range slices.Backward(e.Commits) {
		content, err := a.objects.Read(c.Hash + ":" + path.Join(a.source.trail.repo.Below(), c.File))
		if err != nil {
			return nil, err
		}
		if content == nil || c.Moved {
			continue // it only got another name
		}
		is := records.Parse(e.Name, secrets.Mask(content, a.finder.Find(content)).Source, a.source.project.Options())
		if before != nil && lint.HasEnded(before) {
			diff, err := a.source.trail.repo.Diff(ctx, from, c)
			if err != nil {
				return nil, err
			}
			all = append(all, audit.Change{Commit: c.Hash, Author: a.author(c), Time: audit.Time(c.Time), What: records.Differences(before, is), Diff: shortened(a.finder.Text(diff))})
		}
		before, from = is, c
	}
	return all, nil
}

// diffLines is how many lines of a difference are shown.
const diffLines = 40

func shortened(diff string) string {
	lines := strings.SplitAfter(diff, "\n")
	if len(lines) <= diffLines+1 {
		return diff
	}
	return strings.Join(lines[:diffLines], "") + "… " + text.Count(len(lines)-diffLines, "more line") + "\n"
}
