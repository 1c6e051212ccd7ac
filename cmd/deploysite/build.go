package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/attest"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/version"
)

type buildOptions struct {
	output  string
	baseURL string
	strict  bool
	attest  bool
	json    bool
}

func buildCommand(env *cli.Env) *cobra.Command {
	opt := buildOptions{}
	cmd := cli.Alone(&cobra.Command{
		Use:   "build",
		Short: "Build the site into public/",
		Long: `Build the site into public/, or into the folder given by --output or by
"output" in deploysite.toml.

The whole site appears at once: until every page is rendered, and whenever
something fails, the former site stays as it was. Files in the folder that
deploysite did not write are kept. What could not be read is listed on stderr
and on the site's page "problems"; the rest of the history is built.

It prints the folder's path. The site works from any path of any host, and when
its index.html is opened from the disk.`,
		Example: `  deploysite build
  deploysite build -o /var/www/deployments --base-url https://example.org/deployments
  deploysite build --strict      # in CI: exit 1 if any record has a problem
  deploysite build --attest      # so that "deploysite verify" can tell what was published`,
	}, func(ctx context.Context) error { return build(ctx, env, opt) })
	f := cmd.Flags()
	f.StringVarP(&opt.output, "output", "o", "", "build into `DIR`")
	f.StringVar(&opt.baseURL, "base-url", "", "the site's full `ADDRESS`, for feed, sitemap and 404 page")
	f.BoolVar(&opt.strict, "strict", false, "exit 1 if there is any problem")
	f.BoolVar(&opt.attest, "attest", false, "add attestation.json: the commit, and hashes of all sources and pages")
	f.BoolVar(&opt.json, "json", false, "print what was done as JSON")
	_ = cobra.MarkFlagDirname(f, "output")
	_ = cmd.RegisterFlagCompletionFunc("base-url", cobra.NoFileCompletions)
	return cmd
}

// buildResult is what build --json prints.
type buildResult struct {
	Output    string            `json:"output"`
	Records   int               `json:"records"`
	Files     int               `json:"files"`
	Bytes     int64             `json:"bytes"`
	Written   int               `json:"written"`
	Unchanged int               `json:"unchanged"`
	Removed   int               `json:"removed"`
	Kept      int               `json:"kept"`
	Published publish.Way       `json:"published"`
	Problems  []problem.Problem `json:"problems"`
}

func build(ctx context.Context, env *cli.Env, opt buildOptions) error {
	start := time.Now()
	if opt.baseURL != "" {
		address, err := project.ParseBaseURL(opt.baseURL)
		if err != nil {
			return cli.Usagef("--base-url %w", err)
		}
		opt.baseURL = address
	}
	p, now, err := openDay(env)
	if err != nil {
		return err
	}
	target := p.OutputDir()
	if opt.output != "" {
		if target, err = filepath.Abs(opt.output); err != nil {
			return err
		}
	}
	if err := checkOutput(p, target); err != nil {
		return err
	}
	with := site.Options{Now: now, BaseURL: opt.baseURL, Version: version.Number()}
	done, known := buildResult{}, false
	if !opt.attest { // which is about a commit, whatever has changed
		done, known = remember(ctx, p, target, with)
	}
	if !known {
		if done, err = opt.buildAnew(ctx, env, p, target, with); err != nil {
			return err
		}
	}
	if err := env.Findings(env.Stderr, done.Problems); err != nil {
		return err
	}
	done.Output = relative(target)
	if opt.json {
		err = env.IndentedJSON(done)
	} else {
		_, err = fmt.Fprintln(env.Stdout, done.Output)
		env.Tell("%s", done.summary(time.Since(start)))
	}
	if err == nil && opt.strict {
		err = checkStrictly(env, p, done.Problems)
	}
	return err
}

// buildAnew reads everything and writes what is not as it should be.
func (opt buildOptions) buildAnew(ctx context.Context, env *cli.Env, p *project.Project, target string, with site.Options) (buildResult, error) {
	site.LimitMemory(p)
	mark, unsure := site.MarkOf(ctx, p, with)
	bar := env.Progress()
	with.Progress = func(done int) { bar.Show("reading records: %d", done) }
	s, err := site.Load(ctx, p, with)
	bar.Clear()
	if err != nil {
		return buildResult{}, err
	}
	defer s.Close()
	out, err := s.Output()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return buildResult{}, err
	}
	to := publishing(p)
	if to.Last, err = opt.attestation(ctx, p, s.Now()); err != nil {
		return buildResult{}, err
	}
	to.Progress = func(done, total int) { bar.Show("rendering %d of %d files", done, total) }
	to.Wait = func() { env.Tell("waiting for another build of this site to finish") }
	stats, err := publish.Publish(ctx, target, out.Files, to)
	bar.Clear()
	for _, file := range stats.Aside {
		env.Tell("warning: %s was moved there, out of the site's folder: something else has its name now", relative(file))
	}
	if err != nil {
		return buildResult{}, err
	}
	done := result(s, stats)
	if unsure == nil && !opt.attest && mark.Complete(s) == nil {
		built{Mark: mark, Output: publish.Known{Manifest: stats.Manifest}, Result: done}.keep(p, target)
	}
	return done, nil
}

// publishing are the options for writing a project's site.
func publishing(p *project.Project) publish.Options {
	return publish.Options{Project: p.Root, Protected: site.Protected(p)}
}

// attestation is the file that ties the site to its commit, nil where none is wanted.
func (opt buildOptions) attestation(ctx context.Context, p *project.Project, now time.Time) (*publish.Last, error) {
	if !opt.attest {
		return nil, nil
	}
	a, err := attest.New(ctx, p, now, opt.baseURL, version.Number())
	if err != nil {
		return nil, err
	}
	return &publish.Last{Path: attest.Name, Make: a.With}, nil
}

// checkOutput keeps a mistyped output from making folders all over the machine: the
// site's own is made, and folders of the project, but no others.
func checkOutput(p *project.Project, target string) error {
	if target != p.OutputDir() || filepath.IsLocal(filepath.FromSlash(p.Config.Output)) {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(target)); os.IsNotExist(err) {
		return p.Mistake("output", "there is no folder "+path.Dir(p.Config.Output)+" for the site to go to", "correct it, or make the folder")
	}
	return nil
}

// checkStrictly fails where a record has a problem, or there is no folder of
// records.
func checkStrictly(env *cli.Env, p *project.Project, problems []problem.Problem) error {
	if _, missing := os.Stat(p.RecordsDir()); missing != nil && !p.HasSources() {
		env.Tell("deploysite: --strict: there is no folder %s; is this the right one?", p.Config.Records)
		return cli.ErrReported
	}
	if len(problems) > 0 {
		env.Tell("deploysite: --strict: %s", text.Count(len(problems), "problem"))
		return cli.ErrReported
	}
	return nil
}

// findProject finds the project. A mistake in the configuration is an error: it
// would make everything wrong.
func findProject(env *cli.Env) (*project.Project, error) {
	p, problems, err := project.Open(env.Dir)
	if err == nil {
		err = env.Problems(problems)
	}
	return p, err
}

// openProject finds the project and the day, to read all its records.
func openProject(env *cli.Env) (*project.Project, time.Time, error) {
	p, now, err := openDay(env)
	if p != nil {
		site.LimitMemory(p)
	}
	return p, now, err
}

// openDay finds the project and the day, to build its site.
func openDay(env *cli.Env) (*project.Project, time.Time, error) {
	p, err := findProject(env)
	if err != nil {
		return nil, time.Time{}, err
	}
	now, err := env.Clock()
	if err == nil {
		var note string
		if note, err = p.CheckRecordsDir(); note != "" {
			env.Tell("%s", note)
		}
	}
	return p, now, err
}

func result(s *site.Site, st publish.Stats) buildResult {
	return buildResult{Records: len(s.Entries), Files: st.Files, Bytes: st.Bytes, Written: st.Written,
		Unchanged: st.Unchanged, Removed: st.Removed, Kept: st.Kept, Published: st.Way, Problems: append([]problem.Problem{}, s.Problems...)}
}

func (r buildResult) summary(took time.Duration) string {
	parts := []string{text.Count(r.Written, "file") + " written", fmt.Sprintf("%d unchanged", r.Unchanged)}
	if r.Removed > 0 {
		parts = append(parts, fmt.Sprintf("%d removed", r.Removed))
	}
	if r.Kept > 0 {
		parts = append(parts, fmt.Sprintf("%d kept that are not ours", r.Kept))
	}
	if n := len(r.Problems); n > 0 {
		parts = append(parts, text.Count(n, "problem"))
	}
	line := fmt.Sprintf("%s: %s, in %s", text.Count(r.Records, "record"), strings.Join(parts, ", "), took.Round(10*time.Millisecond))
	if r.Published == publish.InPlace || r.Published == publish.Replaced {
		line += fmt.Sprintf("; published %s, since the folder could not be exchanged whole", r.Published)
	}
	return line
}

// relative is a path as a person in this folder would write it.
func relative(path string) string {
	if shown := cli.Shown(path); filepath.IsLocal(shown) {
		return shown
	}
	return path
}
