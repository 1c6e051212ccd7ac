package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/steplog"
	"github.com/deploysite/deploysite/internal/text"
)

// A trail is what git knows of who changed a source's records when.
type trail struct {
	repo      *git.Repo // nil where git cannot be asked
	history   git.History
	tracked   map[string]string // the files that the commit has; nil until a record without commits asks
	graph     *git.Graph        // of the commits that the records name; nil where git cannot be asked
	graphOf   []string          // those commits
	former    map[string]string // what files are called in the commit that got another name since; staged
	differing map[string]bool   // the files that are not as in the commit, and whether they are staged
	log       *git.Log          // what leads to the commits that records name; nil where git was not asked
	named     []string          // those commits
	past      steplog.Past      // of the checklist; nil until steps of a record lead nowhere
	pastWhy   error             // why that is not whole
	gap       gap               // why nothing is known of any record
	why       error             // the same at length
}

// A gap is what is missing in a trail, by the name of its sentence in the words.
type gap string

const (
	noGap        gap = ""
	noRepository gap = "no-repository"
	noGit        gap = "no-git"
	otherUser    gap = "other-user"
	elsewhere    gap = "elsewhere"
	unread       gap = "unread" // git failed

	uncommitted gap = "uncommitted" // nothing is missing: there is no commit yet
	cutAway     gap = "cut"         // a shallow clone has none of its commits
	cutOff      gap = "cut-off"     // a shallow clone has only the newest
	unlogged    gap = "unlogged"    // it is committed, and git log does not show by which commit
)

// openTrail opens the repository that holds a folder.
func openTrail(root string) (t trail) {
	t.repo, t.why = git.Open(root)
	switch {
	case t.why == nil:
		t.gap = noGap
	case errors.Is(t.why, git.ErrNotRepository):
		t.gap = noRepository
	case errors.Is(t.why, git.ErrNoGit):
		t.gap = noGit
	case errors.Is(t.why, git.ErrOtherUser):
		t.gap = otherUser
	case errors.Is(t.why, git.ErrElsewhere):
		t.gap = elsewhere
	default:
		t.gap = unread
	}
	return t
}

// read asks for the commits of the records in a folder, and where some have none
// for what is committed at all. Which records differ from their commits is asked each
// time: it changes without a commit.
func (t *trail) read(ctx context.Context, folder string, entries []*Entry) {
	if t.repo == nil {
		return
	}
	if t.history.Commits == nil {
		if t.history, t.why = t.repo.History(ctx, folder); t.why == nil {
			t.follow(ctx, folder, entries)
		}
	}
	unknown := func(e *Entry) bool { return len(t.history.Commits[e.File]) == 0 }
	if t.why == nil && t.tracked == nil && slices.ContainsFunc(entries, unknown) {
		t.tracked, t.why = t.repo.Tracked(ctx, folder)
	}
	if t.why == nil && len(entries) > 0 {
		t.differing, t.why = t.repo.Uncommitted(ctx, folder)
	}
	t.former = nil
	if t.why == nil && slices.ContainsFunc(entries, func(e *Entry) bool { return unknown(e) && t.differing[e.File] }) {
		t.former, t.why = t.repo.StagedNames(ctx, folder)
	}
	if t.why != nil {
		*t = trail{gap: unread, why: t.why}
	}
}

// follow reads the history of the folders as well that records came from. Only of those that
// were committed a day or more after their deployment they are asked for: it takes git a while.
func (t *trail) follow(ctx context.Context, folder string, entries []*Entry) {
	const late, most = 24 * time.Hour, 500
	var added []string
	for _, e := range entries {
		commits := t.history.Commits[e.File]
		if len(commits) == 0 || len(added) == most || t.history.Cut[e.File] {
			continue
		}
		first := commits[len(commits)-1]
		if first.Time.Sub(e.Started.Time) > late && !slices.Contains(added, first.Hash) {
			added = append(added, first.Hash)
		}
	}
	if len(added) == 0 {
		return
	}
	if folders, err := t.repo.MovedFrom(ctx, folder, added); err == nil && len(folders) > 0 { // without it the trail begins with the move
		if whole, err := t.repo.History(ctx, folder, folders...); err == nil {
			t.history = whole
		}
	}
}

// readLog asks for what leads to the commits that records name. folder is that of the
// records: commits of these alone are none of a deployment.
func (t *trail) readLog(ctx context.Context, folder string, entries []*Entry) {
	named := map[string]bool{}
	for _, e := range entries {
		if !e.Commit.IsZero() {
			named[strings.ToLower(e.Commit.Value)] = true
		}
	}
	all := slices.Sorted(maps.Keys(named))
	if t.repo == nil || t.log != nil && slices.Equal(t.named, all) {
		return
	}
	t.named = all
	t.log, _ = t.repo.Log(ctx, all, folder) // without it, pages say that the commits are not known
}

// gapOf is what is not known of one file.
func (t *trail) gapOf(file string) gap {
	file = cmp.Or(t.former[file], file)
	none := len(t.history.Commits[file]) == 0
	switch {
	case t.gap != noGap:
		return t.gap
	case none && t.tracked[file] == "":
		return uncommitted
	case none && t.history.Cut[file]:
		return cutAway
	case none:
		return unlogged
	case t.history.Cut[file]:
		return cutOff
	}
	return noGap
}

// differs reports whether a file is committed, and not as it is.
func (t *trail) differs(file string) bool {
	_, differs := t.differing[file]
	return differs && t.gapOf(file) != uncommitted
}

// loadAudit finds the commits of the source's records. In a git repository an audit
// trail is wanted: where it cannot be had, that is a problem.
func (l *loader) loadAudit(ctx context.Context, src *source) error {
	src.trail.read(ctx, src.config.Records, src.entries)
	if l.check == nil {
		src.trail.readLog(ctx, src.config.Records, src.entries)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if l.check == nil {
		src.trail.readGraph(ctx, src.deployedCommits())
	}
	lost := 0
	for _, e := range src.entries {
		e.Commits, e.gap = src.trail.history.Commits[cmp.Or(src.trail.former[e.File], e.File)], src.trail.gapOf(e.File)
		e.differs = src.trail.differs(e.File)
		if e.gap == cutAway || e.gap == cutOff {
			lost++
		}
	}
	if message, hint := src.trail.problem(lost, len(src.entries)); message != "" && (src.trail.gap == unread || git.Top(src.project.Root) != "") { // a folder that is gone is in no repository
		l.report(src, problem.NoTrail.In(src.config.Records, message, hint))
	}
	return nil
}

// problem says why the trail of some of the records is not whole.
func (t *trail) problem(lost, of int) (message, hint string) {
	switch {
	case of == 0 || t.gap == noRepository:
		return "", ""
	case t.gap != noGap:
		message, hint, _ = strings.Cut(t.why.Error(), "; ")
		if t.gap == noGit {
			hint = "install it"
		}
		return "who changed the records when is not known: " + message, hint
	case lost > 0:
		return fmt.Sprintf("who changed them when is not known, or not wholly, of %s: this is a shallow clone", text.Count(lost, "record")),
			`fetch the whole history: git fetch --unshallow; in a pipeline fetch-depth: 0, or GIT_DEPTH: "0"`
	case t.history.Exact:
		message, hint, _ = strings.Cut(git.ErrPartial.Error(), "; ")
		return "of records that got another name and another text in one commit, older commits are not known: " + message, hint
	}
	return "", ""
}
