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
	f.BoolVar(&opt.strict, "strict", false, "exit 1 if there is any problem in the records")
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
	bar := env.Progress()
	p, s, err := load(ctx, env, opt.baseURL, bar)
	bar.Clear()
	if err != nil {
		return err
	}
	defer s.Close()
	out, err := s.Output()
	if err == nil {
		err = ctx.Err()
	}
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
	last, err := opt.attestation(ctx, p, s.Now())
	if err != nil {
		return err
	}
	stats, err := publish.Publish(ctx, target, out.Files, publish.Options{
		Project:   p.Root,
		Last:      last,
		Protected: site.Protected(p),
		Progress:  func(done, total int) { bar.Show("rendering %d of %d files", done, total) },
		Wait:      func() { env.Tell("waiting for another build of this site to finish") },
	})
	bar.Clear()
	for _, file := range stats.Aside {
		env.Tell("warning: %s was moved there, out of the site's folder: something else has its name now", relative(file))
	}
	if err != nil {
		return err
	}
	for _, problem := range s.Problems {
		env.Tell("%s", problem.Named())
	}
	shown := relative(target)
	if opt.json {
		err = env.IndentedJSON(result(shown, s, stats))
	} else {
		_, err = fmt.Fprintln(env.Stdout, shown)
		env.Tell("%s", summary(s, stats, time.Since(start)))
	}
	if err == nil && opt.strict {
		err = checkStrictly(env, p, s)
	}
	return err
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
func checkStrictly(env *cli.Env, p *project.Project, s *site.Site) error {
	if _, missing := os.Stat(p.RecordsDir()); missing != nil && !p.HasSources() {
		env.Tell("deploysite: --strict: there is no folder %s; is this the right one?", p.Config.Records)
		return cli.ErrReported
	}
	if len(s.Problems) > 0 {
		env.Tell("deploysite: --strict: %s", text.Count(len(s.Problems), "problem"))
		return cli.ErrReported
	}
	return nil
}

// load opens the project and joins its records.
func load(ctx context.Context, env *cli.Env, baseURL string, bar *cli.Progress) (*project.Project, *site.Site, error) {
	p, now, err := openProject(env)
	if err != nil {
		return nil, nil, err
	}
	s, err := site.Load(ctx, p, site.Options{Now: now, BaseURL: baseURL, Version: version.Number(),
		Progress: func(done int) { bar.Show("reading records: %d", done) }})
	return p, s, err
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

// openProject finds the project and the day, to build its site.
func openProject(env *cli.Env) (*project.Project, time.Time, error) {
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
	site.LimitMemory(p)
	return p, now, err
}

func result(output string, s *site.Site, st publish.Stats) buildResult {
	return buildResult{Output: output, Records: len(s.Entries), Files: st.Files, Bytes: st.Bytes, Written: st.Written,
		Unchanged: st.Unchanged, Removed: st.Removed, Kept: st.Kept, Published: st.Way, Problems: append([]problem.Problem{}, s.Problems...)}
}

func summary(s *site.Site, st publish.Stats, took time.Duration) string {
	parts := []string{text.Count(st.Written, "file") + " written", fmt.Sprintf("%d unchanged", st.Unchanged)}
	if st.Removed > 0 {
		parts = append(parts, fmt.Sprintf("%d removed", st.Removed))
	}
	if st.Kept > 0 {
		parts = append(parts, fmt.Sprintf("%d kept that are not ours", st.Kept))
	}
	if n := len(s.Problems); n > 0 {
		parts = append(parts, text.Count(n, "problem"))
	}
	line := fmt.Sprintf("%s: %s, in %s", text.Count(len(s.Entries), "record"), strings.Join(parts, ", "), took.Round(10*time.Millisecond))
	if st.Way == publish.InPlace || st.Way == publish.Replaced {
		line += fmt.Sprintf("; published %s, since the folder could not be exchanged whole", st.Way)
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
