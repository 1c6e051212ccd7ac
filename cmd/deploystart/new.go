package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/text"
	"github.com/deploysite/deploysite/internal/work"
)

// start is one call of the command new.
type start struct {
	work.New
	at           string
	edit, noEdit bool
	dryRun, json bool
	given        func(flag string) bool
}

func newCommand(env *cli.Env) *cobra.Command {
	s := &start{New: work.New{Env: env}}
	cmd := cli.Alone(&cobra.Command{
		Use:   "new",
		Short: "Write the record of a deployment that starts now",
		Long: `deploystart writes the record of a deployment that starts now: a Markdown file
with the team's checklist, ready to be worked through in any editor.

It fills in what it can know: who deploys and which commit from git, the time
from the clock, the service from deploysite.toml, from earlier records where they
name one alone, or from the repository's name. What nobody said stays unknown.
The record's path goes to stdout, and on a terminal the record is opened in
$VISUAL or $EDITOR. It asks first where another deployment of the same service
and environment is under way.`,
		Example: `  deploystart --service accounts --environment production --version v1.9.0
  deploystart -e staging --deployer "Ada Park" --deployer "Amara Okafor"
  deploystart --at 14:30 --title "accounts: move to the new database"
  deploystart --dry-run
  record=$(deploystart --no-edit -e production)`,
	}, s.run)
	flags := cmd.Flags()
	s.given = flags.Changed
	flags.SortFlags = false
	flags.StringArrayVarP(&s.Services, "service", "s", nil, "what is deployed, `NAME`; may be given several times")
	flags.StringVarP(&s.Environment, "environment", "e", "", "where to, `NAME`, such as production")
	flags.StringVar(&s.Version, "version", "", "`VERSION` that is deployed; default: the commit's tag, if it is this service's")
	flags.StringVar(&s.Title, "title", "", "`TITLE` of the record; default: service, version and environment")
	flags.StringArrayVar(&s.Deployers, "deployer", nil, "who deploys, `NAME`; may be given several times; default: git's user.name")
	flags.StringArrayVar(&s.Tags, "tag", nil, "a free `WORD`; may be given several times")
	flags.StringVar(&s.RollbackOf, "rollback-of", "", "the record that this one undoes, by `ID`")
	flags.StringVar(&s.Fixes, "fixes", "", "the record whose damage this one repairs, by `ID`")
	flags.StringArrayVar(&s.ApprovedBy, "approved-by", nil, "who agreed, `NAME`; may be given several times")
	flags.StringVar(&s.at, "at", "", "`TIME` of the start, if not now: 14:30, \"2024-08-31 14:30\" or RFC 3339")
	flags.StringVar(&s.Template, "template", "", "checklist to start from, a Markdown `FILE`")
	flags.StringVar(&s.Dir, "dir", "", "folder to write the record to, `DIR`")
	flags.BoolVar(&s.IsNew, "new", false, "a service, environment or person that no record names is meant")
	flags.BoolVar(&s.edit, "edit", false, "open the editor, also without a terminal")
	flags.BoolVar(&s.noEdit, "no-edit", false, "do not open an editor")
	flags.BoolVar(&s.dryRun, "dry-run", false, "print the record and write nothing")
	flags.BoolVar(&s.json, "json", false, "print path and facts as JSON")
	flags.BoolVar(&s.NoBriefing, "no-briefing", false, "do not say what earlier deployments left")
	flags.BoolVar(&s.NoGit, "no-git", false, "ask git for nothing")
	s.completeFlags(cmd, flags)
	return cmd
}

func (s *start) run(ctx context.Context) error {
	if err := s.checkFlags(); err != nil {
		return cli.Usage(err)
	}
	started, err := startTime(s.at, s.Env.Now())
	if err != nil {
		return cli.Usage(err)
	}
	if err := s.Prepare(ctx, started); err != nil {
		return err
	}
	if s.dryRun {
		if s.at != "" {
			s.Env.Tell("It would begin on %s.", s.Draft.Started.Format("2006-01-02 15:04"))
		}
		_, err := s.Env.Stdout.Write(s.Content)
		return err
	}
	if err := s.doubt(ctx); err != nil {
		return err
	}
	return s.write()
}

// doubt asks on a terminal whether another record is meant, where one of the same service and
// environment is under way, whoever began it. A rollback may begin before that one has ended.
func (s *start) doubt(ctx context.Context) error {
	if !s.Env.Interactive() || s.json || s.RollbackOf != "" || s.Fixes != "" {
		return nil
	}
	r := s.UnderWay()
	if r == nil {
		return nil
	}
	isMeant, err := s.Env.Confirm(ctx, fmt.Sprintf("%s (%s%s) is under way, begun %s. Start another record all the same?", text.OneLine(r.Title.Value, 60), r.ID, text.OneLine(s.ByWhom(r), 60), begun(r.Started, s.Env.Now())))
	if err != nil || isMeant {
		return err
	}
	return fmt.Errorf("nothing was started; deploystart edit --record %[1]s opens it, deploystart finish --record %[1]s ends it", r.ID)
}

func (s *start) checkFlags() error {
	switch {
	case s.edit && s.noEdit:
		return errors.New("--edit and --no-edit exclude each other; give one of them")
	case s.dryRun && s.json:
		return errors.New("--dry-run and --json exclude each other; give one of them")
	case s.dryRun && s.edit:
		return errors.New("--dry-run and --edit exclude each other; give one of them")
	case s.edit && s.Env.Editor() == "":
		return errors.New("--edit needs an editor; set $VISUAL or $EDITOR")
	}
	return nil
}

// write creates the record, says so and opens it.
func (s *start) write() error {
	path, err := s.Create()
	if err != nil {
		return err
	}
	if err := s.print(path); err != nil {
		return err
	}
	planned := s.Draft.Started.After(s.Env.Now().Add(aMoment))
	if planned {
		s.Env.Tell("Planned for %s: %s.", s.Draft.Started.Format("2006-01-02 15:04"), s.Draft.Title)
	} else {
		s.Env.Tell("Started: %s.", s.Draft.Title)
	}
	if s.Dir == "" {
		work.WarnUnlisted(s.Env, s.Project)
	}
	if service := s.FolderService(); service != "" {
		s.Env.Tell("The service is named after the folder, %s; --service, or service in %s, gives another name.", service, project.ConfigName)
	}
	if missing := s.Draft.Unknown(); len(missing) > 0 {
		who := ""
		if !s.NoGit {
			who = whoDeploys(missing, inFrontMatter)
		}
		s.Env.Tell("Nobody said: %s. Write that into the record, or give it as a flag next time.%s", strings.Join(missing, ", "), who)
	}
	if !s.json {
		fmt.Fprint(s.Env.Stderr, s.Briefing.Terminal())
	}
	if s.opensEditor() {
		if err := s.Env.OpenEditor(path); err != nil {
			return err
		}
	}
	if below, err := filepath.Rel(s.Project.RecordsDir(), path); s.Dir != "" && (err != nil || !filepath.IsLocal(below)) {
		s.Env.Tell("Next: work through %s in an editor; the other commands change records in %s alone.", cli.Shown(path), s.Project.Config.Records)
		return nil
	}
	if planned {
		s.Env.Tell("Until then commands change it only where --record names it.")
		return nil
	}
	s.Env.Tell("Next: work through %s; deploystart step marks a step, deploystart finish says how it ended.", cli.Shown(path))
	if s.Env.Interactive() && s.Env.Editor() == "" && !s.noEdit {
		s.Env.Tell("To have records opened in your editor, set $VISUAL or $EDITOR.")
	}
	return nil
}

// print writes the result to stdout.
func (s *start) print(path string) error {
	if !s.json {
		_, err := fmt.Fprintln(s.Env.Stdout, cli.Shown(path))
		return err
	}
	return s.Env.JSON(s.JSON(path))
}

// opensEditor tells whether to open the editor: when asked to, or when somebody
// sits there to use it.
func (s *start) opensEditor() bool {
	if s.edit || s.noEdit {
		return s.edit
	}
	return s.Env.Interactive() && s.Env.Editor() != ""
}

// completeFlags says what the shell may complete behind the flags of a start:
// names that newer records have, people, folders, Markdown files, and nothing
// where only a person knows.
func (s *start) completeFlags(cmd *cobra.Command, flags *pflag.FlagSet) {
	s.completeNames(cmd, "service", "environment")
	for _, flag := range []string{"deployer", "approved-by"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, s.namesOf(peopleOf))
	}
	for _, flag := range []string{"rollback-of", "fixes"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, (&call{env: s.Env}).completeRecord)
	}
	for _, flag := range []string{"version", "title", "tag", "at"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.NoFileCompletions)
	}
	_ = cobra.MarkFlagFilename(flags, "template", "md")
	_ = cobra.MarkFlagDirname(flags, "dir")
}

// completeNames completes flags by the values that newer records have of the same key.
func (s *start) completeNames(cmd *cobra.Command, keys ...string) {
	for _, key := range keys {
		_ = cmd.RegisterFlagCompletionFunc(key, s.namesOf(func(p *project.Project) []string { return s.valuesOf(p, key) }))
	}
}

func (s *start) namesOf(of func(*project.Project) []string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		p, _, err := project.OpenAlone(s.Env.Dir)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return of(p), cobra.ShellCompDirectiveNoFileComp
	}
}

// valuesOf are the values that the newest records have under a key, where their
// front matter says them in the plainest way, in alphabetical order.
func (s *start) valuesOf(p *project.Project, key string) []string {
	s.Project = p
	return s.Values(key)
}

// peopleOf are the people that the configuration names.
func peopleOf(p *project.Project) (names []string) {
	for _, person := range p.Config.People {
		names = append(names, person.Name)
	}
	return names
}
