package main

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/sarif"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/version"
)

type checkOptions struct {
	json   bool
	sarif  bool
	staged bool
	fix    bool
	rules  bool
}

func checkCommand(env *cli.Env) *cobra.Command {
	opt := checkOptions{}
	cmd := &cobra.Command{
		Use:   "check [FILE…]",
		Short: "Say what is wrong or odd in records and documents",
		Long: `Say everything that is wrong or odd: in the records, the checklist, the process,
the documents, the configuration and the theme. Links that lead nowhere, steps
that were left open, dates that cannot be, people nobody knows, records that
nobody committed. No page is made, so it is quick.

Each problem is a line as a compiler writes it, with the name of its rule:

  deployments/checklists/2024-08-31-14-30-deployment.md:14:3: warning: … [open-step]; …

On a terminal the place has a line of its own, and what is wrong and what to do
are below it.

With files, or folders, only their problems are told. A rule is switched off

  everywhere    in deploysite.toml: [check] and below it off = ["open-step"]
  in a file     by a comment in a line of its own: <!-- check-off: open-step -->
  in a line     by the same comment behind its text

It exits with 0 if there is nothing to say, with 1 if there is, and with 2 if it
was called wrongly.`,
		Example: `  deploysite check
  deploysite check deployments/checklists/2024-08-31-14-30-deployment.md
  deploysite check --fix                  # mend what is mechanical
  deploysite check --staged               # before a commit: what is in git's index
  deploysite check --sarif > check.sarif  # for a forge's code scanning`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case opt.staged && opt.fix:
				return cli.Usagef("--fix changes files, and --staged looks at what is staged; run --fix first, and stage what it changed")
			case opt.rules && (opt.sarif || opt.staged || opt.fix || len(args) > 0):
				return cli.Usagef("--rules lists the rules, and checks nothing; only --json goes with it")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if opt.rules {
				return printRules(env, opt.json)
			}
			return check(cmd.Context(), env, opt, args)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&opt.json, "json", false, "print the problems as JSON")
	f.BoolVar(&opt.sarif, "sarif", false, "print the problems as SARIF 2.1.0")
	f.BoolVar(&opt.staged, "staged", false, "check the staged files, as they are in git's index")
	f.BoolVar(&opt.fix, "fix", false, "mend in records what is mechanical and safe")
	f.BoolVar(&opt.rules, "rules", false, "list the rules")
	cli.OneFormat(cmd, "json", "sarif")
	return cmd
}

// printRules lists all rules.
func printRules(env *cli.Env, asJSON bool) error {
	if asJSON {
		return env.IndentedJSON(problem.Rules())
	}
	for _, about := range problem.Rules() {
		fix := ""
		if about.Fix {
			fix = " --fix mends it."
		}
		if _, err := fmt.Fprintf(env.Stdout, "%-18s %-8s %s%s\n", about.Rule, about.Severity, about.Text, fix); err != nil {
			return err
		}
	}
	return nil
}

// A checker is one check.
type checker struct {
	env     *cli.Env
	opt     checkOptions
	project *project.Project
	index   *git.Index      // with --staged
	only    []string        // the files and folders that were asked for; nil stands for all
	staged  map[string]bool // with --staged: the files that are
	fixed   []problem.Problem
}

func check(ctx context.Context, env *cli.Env, opt checkOptions, args []string) error {
	now, err := env.Clock()
	if err != nil {
		return err
	}
	c := &checker{env: env, opt: opt}
	var wrong []problem.Problem
	if c.project, wrong, err = project.Open(env.Dir); err != nil {
		return err
	}
	site.LimitMemory(c.project)
	if err := c.choose(args); err != nil {
		return err
	}
	if opt.staged {
		if wrong, err = c.openIndex(ctx); err != nil {
			return err
		}
		defer c.index.Close()
	}
	if len(wrong) > 0 { // with a wrong configuration everything would be wrong
		wrong = slices.DeleteFunc(wrong, func(p problem.Problem) bool { return !c.wants(p.File) })
		return c.report(site.Checked{Problems: wrong}, "the rest is checked once deploysite.toml is right")
	}
	if !opt.staged { // what is staged may well be no record
		note, err := c.project.CheckRecordsDir()
		if err != nil {
			return err
		}
		if note != "" {
			env.Tell("%s", note)
		}
	}
	found, err := c.look(ctx, now)
	if err == nil && opt.fix {
		found, err = c.fix(ctx, now, found)
	}
	if err != nil {
		return err
	}
	c.tellUnstaged(found.Unstaged)
	return c.report(found, "")
}

// tellUnstaged names the records that staged ones lead to and that are not committed
// yet. That refuses nothing: each record is committed alone.
func (c *checker) tellUnstaged(links []site.Unstaged) {
	told := map[string]bool{}
	for _, link := range links {
		if c.wants(link.From) && !told[link.Record] {
			told[link.Record] = true
			c.env.Tell("%s leads to %s, which is not committed yet", link.From, link.Record)
		}
	}
}

// look finds the problems that were asked for.
func (c *checker) look(ctx context.Context, now time.Time) (site.Checked, error) {
	bar := c.env.Progress()
	how := site.CheckOptions{Now: now, Progress: func(done int) { bar.Show("checking records: %d", done) }}
	if c.index != nil {
		how.Files = c.files
	}
	found, err := site.Check(ctx, c.project, how)
	bar.Clear()
	found.Problems = append(found.Problems, c.unmerged()...)
	found.Problems = slices.DeleteFunc(found.Problems, func(p problem.Problem) bool {
		return !c.wants(p.File) || c.opt.staged && p.Rule == problem.OpenStep // finish left them open, and commits
	})
	return found, err
}

// unmerged names the staged files that git has not merged: of these the index has the
// sides alone, without a sign of the conflict.
func (c *checker) unmerged() (all []problem.Problem) {
	if c.index == nil {
		return nil
	}
	for _, file := range c.index.Unmerged {
		all = append(all, problem.Conflict.In(file, "git has not merged it", "solve the conflict, then: git add "+file))
	}
	return all
}

// choose takes the arguments as paths from the project's root.
func (c *checker) choose(args []string) error {
	root, err := filepath.EvalSymlinks(c.project.Root)
	if err != nil {
		return err
	}
	for _, arg := range args {
		at, err := filepath.Abs(c.env.Path(arg))
		if err != nil {
			return err
		}
		folder, err := filepath.EvalSymlinks(filepath.Dir(at))
		_, missing := os.Lstat(at)
		if err != nil || missing != nil && !c.opt.staged {
			return cli.Usagef("there is no file %s", arg)
		}
		rel, err := filepath.Rel(root, filepath.Join(folder, filepath.Base(at)))
		if err != nil {
			return err
		}
		c.only = append(c.only, filepath.ToSlash(rel))
	}
	return nil
}

// wants reports whether the problems of a file were asked for.
func (c *checker) wants(file string) bool {
	if c.staged != nil && !c.staged[file] {
		return false
	}
	return c.only == nil || slices.ContainsFunc(c.only, func(at string) bool {
		return at == "." || file == at || strings.HasPrefix(file, at+"/")
	})
}

// openIndex takes configuration and files from git's index.
func (c *checker) openIndex(ctx context.Context) ([]problem.Problem, error) {
	repo, err := git.Open(c.project.Root)
	if err != nil {
		return nil, fmt.Errorf("--staged: %w", err)
	}
	names, err := repo.Staged(ctx)
	if err != nil {
		return nil, err
	}
	c.staged = map[string]bool{}
	for _, name := range names {
		c.staged[name] = true
	}
	if c.index, err = repo.Index(ctx); err != nil {
		return nil, err
	}
	config, err := fs.ReadFile(c.index, project.ConfigName)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	return c.project.Configure(config), nil
}

// files are what is staged in the project. Other sources are read as they are.
func (c *checker) files(root string) fs.FS {
	if root == c.project.Root {
		return c.index
	}
	return nil
}

// report prints what was found. Anything found is exit status 1.
func (c *checker) report(found site.Checked, rest string) error {
	if err := c.print(found); err != nil {
		return err
	}
	if rest != "" {
		c.env.Tell("deploysite: %s", rest)
	}
	if len(found.Problems) > 0 {
		return cli.ErrReported
	}
	return nil
}

func (c *checker) print(found site.Checked) error {
	switch {
	case c.opt.sarif:
		return c.env.IndentedJSON(sarif.New(found.Problems, version.Number(), c.below(), c.line))
	case c.opt.json:
		return c.env.IndentedJSON(struct {
			Records  int                  `json:"records"`
			Problems []problem.Problem    `json:"problems"`
			Rules    map[problem.Rule]int `json:"rules"`
			Fixed    []problem.Problem    `json:"fixed"`
		}{found.Records, append([]problem.Problem{}, found.Problems...), countRules(found.Problems), append([]problem.Problem{}, c.fixed...)})
	}
	if err := c.env.Findings(c.env.Stdout, counted(found.Problems)); err != nil {
		return err
	}
	c.env.Tell("%s", c.summary(found))
	return nil
}

// maxOpenSteps is how many open steps of one record are named in lines of their own.
const maxOpenSteps = 3

// counted has one problem in place of all open steps of a record that has many: whoever
// left them open knows which. JSON and SARIF have each.
func counted(problems []problem.Problem) (all []problem.Problem) {
	open := map[string]int{}
	for _, p := range problems {
		if p.Rule == problem.OpenStep {
			open[p.File] += 1 + p.More
		}
	}
	for _, p := range problems {
		if n := open[p.File]; p.Rule == problem.OpenStep && n > maxOpenSteps {
			p.Message = fmt.Sprintf("the deployment has ended, and %d steps are still open or under way, this one and more below", n)
			p.Hint = "mark each ✅, or ⏭️ if it was skipped; --json lists them"
			open[p.File] = 0
		} else if p.Rule == problem.OpenStep && n == 0 {
			continue
		}
		all = append(all, p)
	}
	return all
}

func countRules(problems []problem.Problem) map[problem.Rule]int {
	count := map[problem.Rule]int{}
	for _, p := range problems {
		count[p.Rule]++
	}
	return count
}

// summary is the last line: how many problems there are, and of which rules.
func (c *checker) summary(found site.Checked) string {
	count := countRules(found.Problems)
	switch {
	case len(count) > 0:
	case c.only != nil:
		return strings.Join(c.only, ", ") + ": nothing to say"
	case c.opt.staged:
		return text.Count(len(c.staged), "staged file") + ": nothing to say"
	default:
		return text.Count(found.Records, "record") + ": nothing to say"
	}
	files := map[string]bool{}
	for _, p := range found.Problems {
		files[p.File] = true
	}
	rules := slices.SortedFunc(maps.Keys(count), func(a, b problem.Rule) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(string(a), string(b))
	})
	parts := make([]string, len(rules))
	for i, rule := range rules {
		parts[i] = fmt.Sprintf("%d %s", count[rule], rule)
	}
	line := fmt.Sprintf("%s in %s: %s", text.Count(len(found.Problems), "problem"), text.Count(len(files), "file"), strings.Join(parts, ", "))
	switch {
	case !c.opt.fix && c.canFix(found.Problems):
		line += "; --fix mends some"
	case c.opt.fix && len(c.fixed) == 0:
		line += "; none of them is for --fix to mend"
	}
	return line
}

// below is the way from the repository's top to the project, as SARIF's readers want it.
func (c *checker) below() string {
	repo, err := git.Open(c.project.Root)
	if err != nil || repo.Below() == "" {
		return ""
	}
	return repo.Below() + "/"
}

// line is a line of a file, for its fingerprint.
func (c *checker) line(file string, n int) string {
	var fsys fs.FS = os.DirFS(c.project.Root)
	if c.index != nil {
		fsys = c.index
	}
	data, err := disk.ReadLinked(fsys, path.Clean(file), records.MaxSize)
	if err != nil {
		return ""
	}
	lines := strings.Split(string(data), "\n")
	if n > len(lines) {
		return ""
	}
	return lines[n-1]
}
