package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/adopt"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/tty"
	"github.com/deploysite/deploysite/internal/version"
)

type initOptions struct {
	forge  string
	noCI   bool
	dryRun bool
	json   bool
}

func initCommand(env *cli.Env) *cobra.Command {
	opt := initOptions{}
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Adopt the process in this repository",
		Long: `Look at what is in this repository, and write what is missing: a checklist and a
process document to start from, the tasks for mise, and a workflow that checks
records in pull requests and publishes the site.

Nothing that exists is touched. A checklist of another name, and records in
another folder or with other names, stay where they are; deploysite.toml then
says where. Called again, it writes nothing.

It prints what it found, what it wrote, what it left and why, and what to do
next. Where something stands in the way of a file, the exit status is 1.`,
		Example: `  deploysite init --dry-run          # what would be written
  deploysite init
  deploysite init --no-ci            # no workflow
  deploysite init --forge gitlab     # where the remote's host does not tell
  deploysite -C ../shop init --json`,
		Args: cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runInit(cmd.Context(), env, opt) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.BoolVar(&opt.dryRun, "dry-run", false, "say what would be written, and write nothing")
	f.StringVar(&opt.forge, "forge", "", "where the repository lives: `FORGE` is github, gitlab, codeberg, forgejo or gitea")
	f.BoolVar(&opt.noCI, "no-ci", false, "write no workflow")
	f.BoolVar(&opt.json, "json", false, "print what was found and done as JSON")
	return cmd
}

func runInit(ctx context.Context, env *cli.Env, opt initOptions) error {
	if err := checkForge(opt.forge); err != nil {
		return cli.Usage(err)
	}
	p, problems, err := project.Open(env.Dir)
	if err != nil {
		return err
	}
	if err := env.Problems(problems); err != nil {
		env.Tell("deploysite: nothing was written; correct %s first", project.ConfigName)
		return err
	}
	facts, err := askGit(ctx, p)
	if err != nil {
		return err
	}
	facts.Forge, facts.NoCI = strings.ToLower(opt.forge), opt.noCI
	root, err := os.OpenRoot(p.Root)
	if err != nil {
		return err
	}
	defer root.Close()
	plan, err := adopt.Look(ctx, root.FS(), p.Config, facts)
	if err != nil {
		return err
	}
	if !opt.dryRun {
		plan.Apply(root)
	}
	if err := reportInit(env, opt, p, plan); err != nil {
		return err
	}
	if plan.Count(adopt.Blocked)+plan.Count(adopt.Failed) > 0 {
		return cli.ErrReported
	}
	return nil
}

func checkForge(name string) error {
	if name == "" || slices.Contains(adopt.Forges, strings.ToLower(name)) {
		return nil
	}
	return fmt.Errorf("--forge %s: there is no workflow for it; give one of %s, or write none with --no-ci", name, strings.Join(adopt.Forges, ", "))
}

// askGit gathers what git knows. A folder outside of git can adopt the process
// as well.
func askGit(ctx context.Context, p *project.Project) (adopt.Facts, error) {
	facts := adopt.Facts{Version: version.Number(), Configured: p.ConfigFile != ""}
	if _, err := exec.LookPath("mise"); err != nil {
		facts.NoMise = true
	}
	repo, err := git.Open(p.Root)
	if errors.Is(err, git.ErrNotRepository) || errors.Is(err, git.ErrNoGit) {
		return facts, nil
	}
	if err != nil {
		return facts, err
	}
	facts.Git = true
	if facts.Below = belowTop(repo.Top, p.Root); facts.Below != "" {
		facts.Top = os.DirFS(repo.Top)
	}
	if facts.Remote, err = repo.Remote(ctx); err != nil {
		return facts, err
	}
	if facts.Branch, err = repo.DefaultBranch(ctx); err != nil {
		return facts, err
	}
	if facts.PagesBranches, err = repo.Branches(ctx, "pages", "gh-pages"); err != nil {
		return facts, err
	}
	facts.Ignores = func(folder string) bool {
		ignored, err := repo.Ignores(ctx, folder)
		return err == nil && ignored
	}
	return facts, nil
}

// belowTop is the project's folder as seen from the repository's top, "" for the
// top.
func belowTop(top, root string) string {
	top, err := filepath.EvalSymlinks(top)
	if err != nil {
		return ""
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return ""
	}
	rel, err := filepath.Rel(top, root)
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return ""
	}
	return filepath.ToSlash(rel)
}

// initResult is what init --json prints.
type initResult struct {
	Root   string        `json:"root"` // absolute
	DryRun bool          `json:"dry_run"`
	Found  []initFinding `json:"found"`
	Files  []initFile    `json:"files"`
	Left   []initFinding `json:"left"`
	Next   []string      `json:"next"`
}

type initFinding struct {
	Kind string `json:"kind"`
	Path string `json:"path"` // "" where it is no file
	Text string `json:"text"`
}

type initFile struct {
	Path   string      `json:"path"`
	State  adopt.State `json:"state"` // planned, written, blocked or failed
	Why    string      `json:"why"`
	Reason string      `json:"reason,omitempty"`
}

func reportInit(env *cli.Env, opt initOptions, p *project.Project, plan *adopt.Plan) error {
	if !opt.json {
		return printInit(env.Stdout, opt, p, plan)
	}
	r := initResult{Root: filepath.ToSlash(p.Root), DryRun: opt.dryRun, Found: initFindings(plan.Found), Left: initFindings(plan.Left),
		Files: []initFile{}, Next: plan.Next()}
	for _, f := range plan.Files {
		r.Files = append(r.Files, initFile{f.Path, f.State, f.Why, f.Reason})
	}
	return env.IndentedJSON(r)
}

func initFindings(list []adopt.Finding) []initFinding {
	out := []initFinding{}
	for _, f := range list {
		out = append(out, initFinding(f))
	}
	return out
}

// printInit writes the report for people. Names come from the repository, and so
// are made visible.
func printInit(w io.Writer, opt initOptions, p *project.Project, plan *adopt.Plan) error {
	var b strings.Builder
	width := tty.Width(w)
	section := func(title string, lines []string) {
		if len(lines) == 0 {
			return
		}
		fmt.Fprintf(&b, "%s\n", title)
		for _, line := range lines {
			fit := tty.Fit
			if isCommand(line) {
				fit = tty.Command
			}
			b.WriteString(fit("  "+text.Visible(line), width) + "\n")
		}
	}
	b.WriteString("In " + text.Visible(folderName(p.Root)) + ":\n")
	section("Found", findingLines(plan.Found))
	section(wroteTitle(opt), fileLines(plan, adopt.Written, adopt.Planned))
	section("Could not write", fileLines(plan, adopt.Blocked, adopt.Failed))
	section("Left", findingLines(plan.Left))
	if len(plan.Files) == 0 {
		b.WriteString("Nothing to write.\n")
	}
	section("Next", plan.Next())
	_, err := io.WriteString(w, b.String())
	return err
}

// isCommand tells what is to be typed, in a list of what to do next.
func isCommand(line string) bool {
	name, _, _ := strings.Cut(line, " ")
	return slices.Contains([]string{"git", "mise", "deploysite", "deploystart"}, name)
}

// folderName is what a report calls a folder.
func folderName(path string) string {
	if name := relative(path); name != "." {
		return name
	}
	return "this folder"
}

func wroteTitle(opt initOptions) string {
	if opt.dryRun {
		return "Would write"
	}
	return "Wrote"
}

func findingLines(findings []adopt.Finding) (lines []string) {
	for _, f := range findings {
		if f.Path == "" {
			lines = append(lines, f.Text)
			continue
		}
		lines = append(lines, f.Path+": "+f.Text)
	}
	return lines
}

func fileLines(plan *adopt.Plan, states ...adopt.State) (lines []string) {
	for _, state := range states {
		for _, f := range plan.Files {
			if f.State != state {
				continue
			}
			text := f.Why
			if f.Reason != "" {
				text = f.Reason
			}
			lines = append(lines, f.Path+": "+text)
		}
	}
	return lines
}
