package site

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/metrics"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/review"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/steplog"
)

// A Review is what people wrote about a quarter.
type Review struct {
	review.Quarter
	*Document
	file      string
	decisions []review.Decision
	numbers   review.Numbers // from which it was drafted
	numbered  bool           // whether it says so
}

// isReview reports whether a file is one.
func isReview(file string) bool {
	_, ok := review.OfFile(path.Base(file), time.UTC)
	return ok && path.Dir(file) == review.Folder
}

const reviewsFolder = "reviews/"

func reviewPage(q review.Quarter) string { return reviewsFolder + q.Name() + "/" }

// A reviewFile is the file of a quarter's review.
type reviewFile struct {
	review.Quarter
	file string
}

// listReviews finds the reviews, the oldest first, and gives each its page.
func listReviews(fsys fs.FS, c project.Config, pages map[string]string) (all []reviewFile, problems []problem.Problem) {
	entries, err := fs.ReadDir(fsys, review.Folder)
	if errors.Is(err, fs.ErrPermission) {
		problems = append(problems, problem.NotRead.In(review.Folder, "not read: "+err.Error(), "make it readable"))
	}
	for _, e := range entries {
		file := path.Join(review.Folder, e.Name())
		q, ok := review.OfFile(e.Name(), c.Location)
		if !ok {
			continue
		}
		taken := slices.ContainsFunc(all, func(o reviewFile) bool { return o.Name() == q.Name() })
		switch {
		case !e.Type().IsRegular():
			problems = append(problems, problem.NotRead.In(file, "not read: it is not a regular file", "put the file itself there"))
		case taken:
			problems = append(problems, problem.SamePage.In(file, "not shown: another file is the review of "+q.Title(), "join the two"))
		default:
			all = append(all, reviewFile{q, file})
			pages[file] = reviewPage(q)
		}
	}
	slices.SortFunc(all, func(a, b reviewFile) int { return a.From.Compare(b.From) })
	return all, problems
}

// findReviews finds the reviews, before anything that may link to them is read.
func (l *loader) findReviews(fsys fs.FS) {
	all, problems := listReviews(fsys, l.config, l.home.pages)
	l.reviewFiles = all
	l.report(l.home, problems...)
}

// loadReviews reads the reviews, after the records of all sources.
func (l *loader) loadReviews() error {
	if len(l.reviewFiles) == 0 {
		return nil
	}
	return l.inFolder(l.home.project.Root, func(fsys fs.FS) error {
		return l.withoutSecrets(l.home, fsys, func(src *source, fsys fs.FS) error {
			src.statIn(fsys)
			defer src.withRecordsOf(l.sources)()
			if l.check != nil {
				l.check.anchors = nil // of files that have been checked
			}
			for _, f := range l.reviewFiles {
				if err := l.loadReview(src, f); err != nil {
					return err
				}
			}
			l.checkAnchors(src, fsys)
			return nil
		})
	})
}

// withRecordsOf lets links of the project lead to the records of its sources; what it
// returns ends that.
func (src *source) withRecordsOf(sources []*source) (end func()) {
	own := src.pages
	src.pages = maps.Clone(own)
	for _, other := range sources {
		for file, page := range other.pages {
			if _, ok := own[other.project.Shown(file)]; !ok {
				src.pages[other.project.Shown(file)] = page
			}
		}
	}
	return func() { src.pages = own }
}

func (l *loader) loadReview(src *source, f reviewFile) error {
	d, err := l.loadDocument(src, f.file)
	if err != nil || d == nil {
		return err
	}
	r := &Review{Quarter: f.Quarter, Document: d, file: f.file, decisions: review.DecisionsIn(f.Quarter, d.Source)}
	r.numbers, r.numbered = review.NumbersIn(d.Source)
	l.Reviews = append(l.Reviews, r)
	return nil
}

// loadReviewSections reads all reviews for the search alone.
func (l *loader) loadReviewSections(src *source) {
	for _, f := range l.reviewFiles {
		if text, err := src.project.ReadDocument(f.file, maxDocument); err == nil { // a build says what is wrong with it
			l.sections = append(l.sections, l.searchSections(src.parseDocument(f.file, src.files.Mask(f.file, text).Source), search.KindDocument, src.pages[f.file])...)
		}
	}
}

// review is that of a quarter, nil where there is none.
func (s *Site) review(q review.Quarter) *Review {
	for _, r := range s.Reviews {
		if r.Name() == q.Name() {
			return r
		}
	}
	return nil
}

// decisions are those of all reviews, as the last that has one has it.
func (s *Site) decisions() []review.Decision { return s.decisionsUntil(time.Time{}) }

// decisionsUntil are those of the reviews of quarters before a moment.
func (s *Site) decisionsUntil(end time.Time) []review.Decision {
	var all [][]review.Decision
	for _, r := range s.Reviews {
		if end.IsZero() || r.From.Before(end) {
			all = append(all, r.decisions)
		}
	}
	return review.Join(all...)
}

// reviewed are all deployments as reviews look at them, newest first. lines are the
// numbers of the whole history.
func (s *Site) reviewed(lines []*metrics.Line) []*review.Deployment {
	counted := map[string]*metrics.Counted{}
	for _, l := range lines {
		for _, one := range l.Counted {
			if before := counted[one.ID]; l.Total && l.Environment != "" && (before == nil || one.IsOverAfter(before)) {
				counted[one.ID] = one // a failure in two environments is over when it is over in both
			}
		}
	}
	mended := map[*Entry][]*records.Record{} // as in the numbers, by later ones
	for _, e := range slices.Backward(s.Entries) {
		for _, of := range []*Entry{e.Undoes, e.Repairs} {
			if of != nil && records.NewestFirst(e.Record, of.Record) < 0 {
				mended[of] = append(mended[of], e.Record)
			}
		}
	}
	all := make([]*review.Deployment, len(s.Entries))
	for i, e := range s.Entries {
		d := &review.Deployment{Record: e.Record, Folder: path.Dir(e.source.project.Shown(e.File)), Services: names(e.Terms(facet.Service)),
			Counted: counted[e.ID], MendedBy: mended[e]}
		for _, f := range e.failed {
			d.Failed = append(d.Failed, review.Step{Label: f.label, ID: f.id})
		}
		all[i] = d
	}
	return all
}

// Draft drafts the review of a quarter. Of the tags of git the caller knows.
func (s *Site) Draft(q review.Quarter, tags []review.Tag, noTags string) *review.Draft {
	in := review.Input{Quarter: q, Now: s.options.Now, Lines: s.Metrics(time.Time{}, time.Time{}), Tags: tags, NoTags: noTags,
		Earlier: s.decisionsUntil(q.From), Reviewed: s.review(q.Before()) != nil}
	in.Deployments = s.reviewed(in.Lines)
	for _, a := range s.Ledger {
		in.Ledger = append(in.Ledger, a.Entry)
	}
	in.Steps, in.InQuarter = s.histories(StepFilter{Until: q.To}), s.histories(StepFilter{Since: q.From, Until: q.To})
	return review.Of(in)
}

func (s *Site) histories(f StepFilter) (all []*steplog.History) {
	for _, of := range s.Steps(f) {
		all = append(all, of.History)
	}
	return all
}

// Services are the names of all services.
func (s *Site) Services() []string { return names(s.Terms[facet.Service]) }
