package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/deploysite/deploysite/internal/adopt"
	"github.com/deploysite/deploysite/internal/briefing"
	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/work"
)

// start is one call of the command new.
type start struct {
	env *cli.Env

	services, deployers, tags   []string
	environment, version, title string
	at, template, records       string
	edit, noEdit                bool
	dryRun, json, noGit         bool
	noBriefing                  bool

	repo        *git.Repo                // nil where git is not asked, as is changedCode
	repoService string                   // the service by the repository's name
	folder      bool                     // which is only that of its folder
	noSteps     []problem.Problem        // with a checklist in which none is found
	changedCode func() ([]string, error) // waits for the files that differ from the commit
	briefing    *briefing.Briefing       // nil where none is wanted
}

func newCommand(env *cli.Env) *cobra.Command {
	s := &start{env: env}
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Write the record of a deployment that starts now",
		Long: `deploystart writes the record of a deployment that starts now: a Markdown file
with the team's checklist, ready to be worked through in any editor.

It fills in what it can know: who deploys and which commit from git, the time
from the clock, the service from deploysite.toml or the repository's name. What
nobody said stays unknown. The record's path goes to stdout, and on a terminal
the record is opened in $VISUAL or $EDITOR.`,
		Example: `  deploystart --service accounts --environment production --version v1.9.0
  deploystart -e staging --deployer "Ada Park" --deployer "Amara Okafor"
  deploystart --at 14:30 --title "accounts: move to the new database"
  deploystart --dry-run
  record=$(deploystart --no-edit -e production)`,
		Args: cli.NoArguments, ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.run(cmd.Context()) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringArrayVarP(&s.services, "service", "s", nil, "what is deployed, `NAME`; may be given several times")
	flags.StringVarP(&s.environment, "environment", "e", "", "where to, `NAME`, such as production")
	flags.StringVar(&s.version, "version", "", "`VERSION` that is deployed; default: the tag of the commit")
	flags.StringVar(&s.title, "title", "", "`TITLE` of the record; default: service, version and environment")
	flags.StringArrayVar(&s.deployers, "deployer", nil, "who deploys, `NAME`; may be given several times; default: git's user.name")
	flags.StringArrayVar(&s.tags, "tag", nil, "a free `WORD`; may be given several times")
	flags.StringVar(&s.at, "at", "", "`TIME` of the start, if not now: 14:30, \"2024-08-31 14:30\" or RFC 3339")
	flags.StringVar(&s.template, "template", "", "checklist to start from, a Markdown `FILE`")
	flags.StringVar(&s.records, "dir", "", "folder to write the record to, `DIR`")
	flags.BoolVar(&s.edit, "edit", false, "open the editor, also without a terminal")
	flags.BoolVar(&s.noEdit, "no-edit", false, "do not open an editor")
	flags.BoolVar(&s.dryRun, "dry-run", false, "print the record and write nothing")
	flags.BoolVar(&s.json, "json", false, "print path and facts as JSON")
	flags.BoolVar(&s.noBriefing, "no-briefing", false, "do not say what earlier deployments left")
	flags.BoolVar(&s.noGit, "no-git", false, "ask git for nothing")
	s.completeFlags(cmd, flags)
	return cmd
}

func (s *start) run(ctx context.Context) error {
	if err := s.checkFlags(); err != nil {
		return cli.Usage(err)
	}
	started, err := startTime(s.at, s.env.Now())
	if err != nil {
		return cli.Usage(err)
	}
	if started.After(s.env.Now().Add(aMoment)) {
		s.env.Tell("Careful: %s has not come yet.", started.Format("2006-01-02 15:04"))
	}
	p, err := work.OpenProject(s.env, "nothing was started")
	if err != nil {
		return err
	}
	template, err := s.readTemplate(p)
	if err != nil {
		return err
	}
	past := s.readAhead(p)
	draft, err := s.draft(ctx, p, started)
	if err != nil {
		return err
	}
	content, err := records.Compose(template, draft)
	if err != nil {
		return err
	}
	for _, problem := range s.noSteps {
		s.env.Tell("%s", problem)
	}
	s.brief(ctx, p, past, template, draft)
	content = s.withBriefing(content, p)
	if err := s.warnOfChanges(draft.Commit); err != nil {
		return err
	}
	if s.dryRun {
		_, err := s.env.Stdout.Write(content)
		return err
	}
	return s.write(p, draft, content)
}

func (s *start) checkFlags() error {
	switch {
	case s.edit && s.noEdit:
		return errors.New("--edit and --no-edit exclude each other; give one of them")
	case s.dryRun && s.json:
		return errors.New("--dry-run and --json exclude each other; give one of them")
	case s.dryRun && s.edit:
		return errors.New("--dry-run and --edit exclude each other; give one of them")
	case s.edit && s.env.Editor() == "":
		return errors.New("--edit needs an editor; set $VISUAL or $EDITOR")
	}
	return nil
}

// maxTemplate is the largest checklist that is read, in bytes.
const maxTemplate = 1 << 20

// readTemplate reads the checklist and refuses one that no record can be made of.
func (s *start) readTemplate(p *project.Project) ([]byte, error) {
	path := p.TemplateFile()
	if s.template != "" {
		path = s.env.Path(s.template)
	}
	source, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) && s.template == "" && p.Config.Template == project.Default().Template {
		return s.builtIn(p), nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no template %s; write one, or point --template, or template in %s, at yours",
			cli.Shown(path), project.ConfigName)
	}
	if err != nil {
		return nil, fmt.Errorf("the template cannot be read: %w", err)
	}
	failed := false
	template := records.ParseTemplate(filepath.ToSlash(cli.Shown(path)), source, records.Options{})
	for _, found := range template.Problems {
		switch {
		case found.Severity == problem.Error:
			s.env.Tell("%s", found)
			failed = true
		case len(template.Steps) == 0:
			s.noSteps = append(s.noSteps, found)
		}
	}
	if failed {
		s.env.Tell("deploystart: nothing was started; correct the template first")
		return nil, cli.ErrReported
	}
	return source, nil
}

// builtIn is the checklist of a team that has none yet. It is not written into
// the project: whether it is theirs, they decide.
func (s *start) builtIn(p *project.Project) []byte {
	s.env.Tell("There is no %s yet: this record starts from the built-in checklist; deploysite init makes one that is yours.", p.Config.Template)
	return adopt.Checklist()
}

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path) // before opening it: a named pipe would block
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", cli.Shown(path))
	}
	if info.Size() > maxTemplate {
		return nil, fmt.Errorf("%s is larger than %d MiB", cli.Shown(path), maxTemplate>>20)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxTemplate))
}

// write creates the record, says so and opens it.
func (s *start) write(p *project.Project, draft records.Draft, content []byte) error {
	dir, err := s.recordsDir(p)
	if err != nil {
		return err
	}
	path, err := store.Create(dir, draft.Started, content)
	if err != nil {
		return fmt.Errorf("the record cannot be written: %w; nothing is left of it; correct that, or give another folder with --dir", err)
	}
	if err := s.print(path, draft); err != nil {
		return err
	}
	s.env.Tell("Started: %s.", draft.Title)
	if s.folder && len(s.services) == 0 && p.Config.Service == "" && !s.briefing.KnowsService() {
		s.env.Tell("The service is named after the folder, %s; --service, or service in %s, gives another name.", s.repoService, project.ConfigName)
	}
	if missing := strings.Join(draft.Unknown(), ", "); missing != "" {
		s.env.Tell("Nobody said: %s. Write it into the record, or give it as a flag next time.", missing)
	}
	if !s.json {
		fmt.Fprint(s.env.Stderr, s.briefing.Terminal())
	}
	if s.opensEditor() {
		return s.env.OpenEditor(path)
	}
	s.env.Tell("Next: work through %s; deploystart step marks a step, deploystart finish says how it ended.", cli.Shown(path))
	if s.env.Interactive() && !s.noEdit {
		s.env.Tell("To have records opened in your editor, set $VISUAL or $EDITOR.")
	}
	return nil
}

// recordsDir is the folder to write to. The configured one must not lead out of
// the project through a symbolic link; it is made here, where that is checked.
func (s *start) recordsDir(p *project.Project) (string, error) {
	if s.records != "" {
		return s.env.Path(s.records), nil
	}
	root, err := os.OpenRoot(p.Root)
	if err != nil {
		return "", err
	}
	defer root.Close()
	name := filepath.FromSlash(p.Config.Records)
	if err := root.MkdirAll(name, 0o777); err != nil {
		return "", noFolder(err)
	}
	if _, err := root.Stat(name); err != nil { // MkdirAll is content with a link to somewhere
		return "", noFolder(err)
	}
	return p.RecordsDir(), nil
}

func noFolder(err error) error {
	return fmt.Errorf("there is no folder for the record: %w; give one with --dir, or records in %s", err, project.ConfigName)
}

// print writes the result to stdout.
func (s *start) print(path string, draft records.Draft) error {
	if !s.json {
		_, err := fmt.Fprintln(s.env.Stdout, cli.Shown(path))
		return err
	}
	result := resultOf(path, draft)
	result.Briefing = s.briefing.JSON(cli.Shown)
	return s.env.JSON(result)
}

// result is what --json prints. Keys are named as in the site's records.json;
// null is unknown.
type result struct {
	ID          string   `json:"id"`
	Path        string   `json:"path"` // relative to the folder the command was called in
	Title       string   `json:"title"`
	Date        string   `json:"date"` // RFC 3339
	Status      string   `json:"status"`
	Deployers   []string `json:"deployers"`
	Services    []string `json:"services"`
	Environment *string  `json:"environment"`
	Version     *string  `json:"version"`
	Commit      *string  `json:"commit"`
	Branch      *string  `json:"branch"`
	Tags        []string `json:"tags"`

	Briefing *briefing.JSON `json:"briefing"` // null where none was wanted
}

func resultOf(path string, d records.Draft) result {
	id, _, _ := records.ParseName(filepath.Base(path))
	return result{
		ID: id, Path: cli.Shown(path), Title: d.Title, Date: d.Started.Format(time.RFC3339), Status: string(records.InProgress),
		Deployers: orEmpty(d.Deployers), Services: orEmpty(d.Services), Tags: orEmpty(d.Tags),
		Environment: cli.OrNull(d.Environment), Version: cli.OrNull(d.Version), Commit: cli.OrNull(d.Commit), Branch: cli.OrNull(d.Branch),
	}
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// opensEditor tells whether to open the editor: when asked to, or when somebody
// sits there to use it.
func (s *start) opensEditor() bool {
	if s.edit || s.noEdit {
		return s.edit
	}
	return s.env.Interactive() && s.env.Editor() != ""
}

// readAhead reads the newest records while git is asked. The function that it
// gives waits for them; the past is nil where no briefing is wanted.
func (s *start) readAhead(p *project.Project) func() (*briefing.Past, error) {
	if s.noBriefing || !p.Config.Briefing {
		return func() (*briefing.Past, error) { return nil, nil }
	}
	debug.SetGCPercent(400) // what is read lives as long as the command, which is short
	return meanwhile(func() (*briefing.Past, error) { return s.openPast(p) })
}

// openPast reads the folder that the record will be written to, where links
// between records work. A configured one must not lead out of the project.
func (s *start) openPast(p *project.Project) (*briefing.Past, error) {
	root, folder, as := p.Root, filepath.FromSlash(p.Config.Records), p.Config.Records
	if s.records != "" {
		root, folder, as = s.env.Path(s.records), ".", filepath.ToSlash(s.records)
	}
	dir := filepath.Join(root, folder)
	if info, err := os.Stat(dir); err == nil && !info.IsDir() { // a named pipe would not even open
		return nil, fmt.Errorf("%s is not a folder", cli.Shown(dir))
	}
	return briefing.OpenPast(root, folder, as)
}

// brief makes the briefing for a draft, where one is wanted.
func (s *start) brief(ctx context.Context, p *project.Project, wait func() (*briefing.Past, error), template []byte, d records.Draft) {
	past, err := wait()
	if err != nil {
		s.env.Tell("There is no briefing: earlier records cannot be read: %v", err)
	}
	if err != nil || past == nil {
		return
	}
	defer past.Close()
	opt := p.Options()
	s.briefing = past.Brief(briefing.Start{
		Services: d.Services, Nameless: isNameless(p, d.Services, s.repoService), Environment: d.Environment, Now: s.env.Now(),
		Checklist: records.ParseTemplate(p.Config.Template, template, opt), Person: p.Config.Person,
	}, opt)
	s.briefing.Compare(ctx, s.repo, d.Commit)
}

// isNameless tells whether a record that names no service is one of those that
// are deployed now: the repository's name is the service of new records, unless
// the configuration has one.
func isNameless(p *project.Project, services []string, repository string) bool {
	return p.Config.Service == "" && briefing.Start{Services: services}.IsService(repository)
}

// withBriefing is the record with the briefing in it.
func (s *start) withBriefing(content []byte, p *project.Project) []byte {
	with, err := s.briefing.Insert(content, p.Options())
	if err != nil {
		s.env.Tell("The briefing is not in the record: with it this checklist would be read differently.")
		return content
	}
	return with
}
