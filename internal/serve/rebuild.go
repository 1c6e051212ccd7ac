package serve

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/version"
)

// A rebuilder builds the site after changes, and gives the result to the server and
// to the terminal.
type rebuilder struct {
	env       *cli.Env
	opt       Options
	live      *Live
	root      string
	addresses []string
	begun     bool // the first attempt is over

	site    *site.Site      // the newest that could be built, nil before the first; closed by live
	watched []string        // the inputs of that site and of later attempts
	folders map[string]bool // the folders of that site's records
	planned atomic.Int64    // when that site's first planned deployment no longer is, in seconds since 1970; 0 where none is
}

func newRebuilder(env *cli.Env, opt Options, live *Live, addresses []string) *rebuilder {
	debug.SetGCPercent(200) // most of what a build makes is garbage
	b := &rebuilder{env: env, opt: opt, live: live, root: env.Dir, addresses: addresses}
	if p, _, err := project.Open(env.Dir); err == nil {
		b.root = p.Root
	}
	return b
}

// inputs lists what to watch. While the configuration cannot be read, the inputs of
// the last site stay among them.
func (b *rebuilder) inputs() []string {
	if p, problems, err := project.Open(b.env.Dir); err == nil && len(problems) == 0 {
		b.watched = site.Inputs(p)
	} else if p != nil {
		b.watched = append(b.watched, site.Inputs(p)...)
	} else {
		b.watched = append(b.watched, filepath.Join(b.root, project.ConfigName))
	}
	slices.Sort(b.watched)
	b.watched = slices.Compact(b.watched)
	return slices.Clone(b.watched)
}

// usualBuild is how long a build may take without a word: longer than one of 10,000 records.
var usualBuild = 30 * time.Second

// build makes one attempt.
func (b *rebuilder) build(ctx context.Context, changed []string) {
	begun := time.Now()
	late := time.AfterFunc(usualBuild, func() {
		b.line(fmt.Sprintf("%s: this takes longer than %s, and what is saved meanwhile waits; if a template has a loop without an end, press Ctrl-C, mend it, and start again",
			b.names(changed), usualBuild))
	})
	defer late.Stop()
	s, err := b.load(ctx)
	if err == nil {
		if err = b.show(s); err != nil {
			_ = s.Close() // the error at hand says more
		}
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		b.fail(err)
	default:
		before := b.site
		b.site = s
		if until := s.StatesUntil(); until.IsZero() {
			b.planned.Store(0)
		} else {
			b.planned.Store(until.Unix())
		}
		b.done(before, changed, time.Since(begun))
	}
	if !b.begun && ctx.Err() == nil {
		b.begun = true
		b.begin(err == nil)
	}
	debug.FreeOSMemory() // what the build made is garbage now, and the next one may be hours away
}

// load reads the site. A panic of a library must not end the server: the last site
// stays.
func (b *rebuilder) load(ctx context.Context) (s *site.Site, err error) {
	defer func() {
		if v := recover(); v != nil {
			s, err = nil, fmt.Errorf("this program fails: %v", v)
		}
	}()
	return b.read(ctx)
}

func (b *rebuilder) read(ctx context.Context) (*site.Site, error) {
	p, problems, err := project.Open(b.env.Dir)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, problem.List(problems)
	}
	now, err := b.env.Clock()
	if err != nil {
		return nil, err
	}
	if err := b.checkFolder(p); err != nil {
		return nil, err
	}
	bar := b.env.Progress()
	defer bar.Clear()
	s, err := site.Load(ctx, p, site.Options{Now: now, Version: version.Number(), Live: true, Former: b.site,
		Progress: func(done int) { bar.Show("reading records: %d", done) }})
	if err == nil && len(s.Entries) > 0 {
		b.folders = foldersOf(p)
	}
	return s, err
}

// checkFolder fails while a folder of records is missing, so that the site stays: a
// checkout of a branch removes them for a moment.
func (b *rebuilder) checkFolder(p *project.Project) error {
	for _, src := range p.Sources() {
		if dir := src.RecordsDir(); b.folders[dir] && !exists(dir) {
			return problem.List{problem.NothingThere.In(src.Shown(src.Config.Records), "the folder with the records is gone",
				"put it back; if there shall be none, start deploysite serve again")}
		}
	}
	note, err := p.CheckRecordsDir()
	if err != nil {
		return err
	}
	if note != "" && !b.begun {
		b.say(note)
	}
	return nil
}

// foldersOf are the folders that a project's records are in.
func foldersOf(p *project.Project) map[string]bool {
	folders := map[string]bool{}
	for _, src := range p.Sources() {
		if dir := src.RecordsDir(); exists(dir) {
			folders[dir] = true
		}
	}
	return folders
}

// show hands the site over to the server.
func (b *rebuilder) show(s *site.Site) error {
	out, err := s.Output()
	if err != nil {
		return err
	}
	return b.live.Show(Build{Output: out, Problems: s.Problems, Theme: s.ThemeSum(), Close: func() {
		if err := s.Close(); err != nil {
			b.say(err.Error())
		}
	}})
}

// fail says why the site is not newer.
func (b *rebuilder) fail(err error) {
	problems := problemsOf(err)
	b.live.Fail(problems)
	if b.site == nil {
		b.line("the site cannot be built yet")
	} else {
		b.line("not built; the last site stays")
	}
	for _, p := range problems {
		b.say(p.Named())
	}
}

// done says what was built, and which problems are new.
func (b *rebuilder) done(before *site.Site, changed []string, took time.Duration) {
	var known []problem.Problem
	if before != nil {
		known = before.Problems
		line := fmt.Sprintf("%s: built in %d ms", b.names(changed), took.Milliseconds())
		if n := len(b.site.Problems); n > 0 {
			line += ", " + text.Count(n, "problem")
		}
		b.line(line)
	} else if b.begun {
		b.line("built: " + text.Count(len(b.site.Entries), "record"))
	}
	for _, p := range b.site.Problems {
		if !slices.Contains(known, p) {
			b.say(p.Named())
		}
	}
}

// begin says at which addresses the site is.
func (b *rebuilder) begin(built bool) {
	fmt.Fprintln(b.env.Stdout, b.addresses[0])
	for _, other := range b.addresses[1:] {
		b.say("also " + other)
	}
	if !built {
		b.say("waiting until that is mended; Ctrl-C ends")
		return
	}
	b.say(text.Count(len(b.site.Entries), "record") + "; Ctrl-C ends")
	if b.opt.Open {
		if err := cli.OpenBrowser(b.addresses[0]); err != nil {
			b.say("the browser could not be opened: " + err.Error())
		}
	}
}

// names lists at most two of the files that changed.
func (b *rebuilder) names(changed []string) string {
	const most = 2
	var all []string
	for _, path := range changed {
		name := path
		if rel, err := filepath.Rel(b.root, path); err == nil && filepath.IsLocal(rel) {
			name = filepath.ToSlash(rel)
		}
		if name == ".git" || strings.Contains(filepath.ToSlash(path), "/.git/") {
			name = "git"
		}
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	switch {
	case len(all) == 0:
		return "the clock"
	case len(all) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(all[:most], ", "), len(all)-most)
	}
	return strings.Join(all, ", ")
}

func (b *rebuilder) line(text string) { b.say(b.env.Now().Format(time.TimeOnly) + " " + text) }

func (b *rebuilder) say(text string) { b.env.Tell("%s", text) }

// problemsOf turns an error into problems, with their places where the error has
// them.
func problemsOf(err error) []problem.Problem {
	var problems problem.List
	var template *site.TemplateError
	switch {
	case errors.As(err, &problems):
		return problems
	case errors.As(err, &template):
		return []problem.Problem{template.Problem}
	}
	return []problem.Problem{problem.BuildFailed.In("deploysite", err.Error(), "")}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
