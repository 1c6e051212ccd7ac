package adopt

import (
	"bytes"
	"cmp"
	"embed"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v4"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/text"
)

//go:embed workflows
var workflowFiles embed.FS

// workflowTemplates use [[ and ]] as delimiters, because workflows contain {{ and }}.
var workflowTemplates = template.Must(template.New("").Delims("[[", "]]").Funcs(template.FuncMap{"quote": quoted, "shell": text.ShellQuote}).
	ParseFS(workflowFiles, "workflows/*.yml"))

// workflow is the data of the templates.
type workflow struct {
	Branch   string
	Paths    []string // patterns of what the site is made of
	Output   string
	Tool     string // mise's file that names the version
	Runner   string // label of the runner
	Codeberg bool
	Publish  bool // the site is published, not only checked
	Strict   bool // a problem in a record fails the check

	Check, Deploy string // stages, in GitLab
}

// workflow plans the file that builds the site where the repository lives.
func (p *planner) workflow() {
	forge, why := p.forge()
	switch {
	case p.facts.NoCI:
		return
	case p.facts.Below != "":
		p.left("workflow", "", "the project is in "+p.facts.Below+", and a forge reads workflows at the repository's top only; https://github.com/deploysite/deploysite/blob/main/docs/guide/adopt.md#in-a-folder-of-a-larger-repository has one to start from")
	case forge == project.GitHub:
		p.inActions(forge, "github.yml", ".github/workflows")
	case forge == project.Forgejo:
		p.inActions(forge, "forgejo.yml", ".forgejo/workflows")
	case forge == project.Gitea:
		p.inActions(forge, "forgejo.yml", ".gitea/workflows")
	case forge == project.GitLab:
		p.inGitLab()
	default:
		p.left("workflow", "", "no workflow that publishes the site: "+why+". For a web server of your own: "+hostsGuide)
	}
}

// forge finds the forge that hosts the repository: the one that the user named, that
// of the remote, or that of a file which only one forge reads. why tells people why
// there is no workflow.
func (p *planner) forge() (forge project.Forge, why string) {
	switch p.facts.Forge {
	case "":
	case codeberg:
		return project.Forgejo, ""
	default:
		return project.Forge(p.facts.Forge), ""
	}
	if forge := forgeOfHost(p.facts.Remote); forge != project.UnknownForge {
		return forge, "there is none for " + string(forge)
	}
	for _, hint := range []struct {
		name  string
		forge project.Forge
	}{{".gitlab-ci.yml", project.GitLab}, {".forgejo", project.Forgejo}, {".gitea", project.Gitea}, {".github", project.GitHub}} {
		if p.tree.has(hint.name) || p.tree.hasFolder(hint.name) {
			return hint.forge, ""
		}
	}
	if p.facts.Remote == "" {
		return project.UnknownForge, "no remote names a host; name the forge with --forge"
	}
	return project.UnknownForge, "the host of " + p.facts.Remote + " is not known; name the forge with --forge"
}

// forgeOfHost also knows hosts with a forge's name in theirs, such as an alias of ssh.
func forgeOfHost(remote string) project.Forge {
	if forge := project.ForgeOf(remote); forge != project.UnknownForge {
		return forge
	}
	u, err := url.Parse(remote)
	if err != nil {
		return project.UnknownForge
	}
	for _, forge := range project.Forges {
		if strings.Contains(strings.ToLower(u.Hostname()), string(forge)) {
			return forge
		}
	}
	return project.UnknownForge
}

// codeberg is a host that runs Forgejo and has Pages of its own.
const codeberg = "codeberg"

// Forges lists the names of forges that there is a workflow for.
var Forges = []string{string(project.GitHub), string(project.GitLab), codeberg, string(project.Forgejo), string(project.Gitea)}

// onCodeberg reports whether Codeberg hosts the repository: as the user said, or else
// by its remote.
func (f Facts) onCodeberg() bool {
	u, err := url.Parse(f.Remote)
	return f.Forge == codeberg || f.Forge == "" && err == nil && strings.EqualFold(u.Hostname(), "codeberg.org")
}

// The files of workflows.
const (
	workflowName = "deployment-records.yml"
	gitlabFile   = ".gitlab-ci.yml"
	gitlabExtra  = ".gitlab/deploysite.yml" // beside one that is there
)

// inActions plans a workflow for GitHub, Forgejo or Gitea.
func (p *planner) inActions(forge project.Forge, from, folder string) {
	if name := p.firstWith(siteBuilder(), p.tree.in(folder)); name != "" {
		p.found("workflow", name, "builds the site")
		return
	}
	w := p.workflowOf(forge, path.Join(folder, workflowName))
	branch := "pages"
	if forge == project.GitHub {
		branch = "gh-pages"
	}
	if name := p.firstWith(pagesPublisher(), p.tree.in(folder)); name != "" {
		w.Publish = false
		p.left("workflow", name, "publishes this repository's Pages already, and a second site would replace them: the new workflow only checks records. "+
			"Build the records into a part of that site with deploysite build --output FOLDER")
	} else if slices.Contains(p.facts.PagesBranches, branch) {
		w.Publish = false
		p.left("workflow", "", "the branch "+branch+" exists, so Pages of this repository show something else: the new workflow only checks records")
	}
	p.workflowFile(path.Join(folder, workflowName), from, w, p.afterPublishing(forge))
}

// why is what the workflow does; request is the forge's word for a proposed change.
func (w workflow) why(request string) string {
	if w.Publish {
		return "checks records in a " + request + ", and publishes the site from " + w.Branch
	}
	return "checks records in a " + request
}

// afterPublishing is what people have to do once on the forge.
func (p *planner) afterPublishing(forge project.Forge) string {
	switch {
	case forge == project.GitHub:
		return "on GitHub: Settings, Pages, Source: “GitHub Actions”. Pages of a private repository are public, unless the plan can restrict them"
	case p.facts.onCodeberg():
		return "on Codeberg: Settings, Units, enable Actions, and see that there is a runner for you. The site is public"
	}
	return "on the forge: enable Actions, and have a web server show the branch pages; the workflow's first lines say how. What that server should send: " + hostsGuide
}

// inGitLab plans a pipeline, beside the one that is there.
func (p *planner) inGitLab() {
	const main, extra = gitlabFile, gitlabExtra
	w := p.workflowOf(project.GitLab, main)
	name := main
	if p.tree.has(main) {
		if p.firstWith(siteBuilder(), []string{main}) != "" {
			p.found("workflow", main, "builds the site")
			return
		}
		name = extra
		w.Paths[len(w.Paths)-1] = extra
		w.Check, w.Deploy = stages(p.tree.read(main))
		if gitlabPages().Match(p.tree.read(main)) {
			w.Publish = false
			p.left("workflow", main, "publishes this project's Pages already: the new jobs only check records. "+
				"Build the records into a part of that site with deploysite build --output FOLDER")
		}
		if !bytes.Contains(p.tree.read(main), []byte(extra)) {
			p.todo("add to " + main + ", at the top level:  include: [{local: " + extra + "}]")
		}
	}
	p.workflowFile(name, "gitlab.yml", w, "on GitLab: Settings, General, Visibility: who may see Pages")
}

// gitlabPages is a job that publishes Pages.
var gitlabPages = text.Pattern(`(?m)^pages:|^ +pages:( |$)`)

// stages returns the stages of a pipeline for the check and for the publication.
func stages(pipeline []byte) (check, deploy string) {
	var c struct {
		Stages []string `yaml:"stages"`
	}
	if err := yaml.Unmarshal(pipeline, &c); err != nil || len(c.Stages) == 0 {
		return "test", "deploy"
	}
	check, deploy = c.Stages[0], c.Stages[len(c.Stages)-1]
	if slices.Contains(c.Stages, "test") {
		check = "test"
	}
	if slices.Contains(c.Stages, "deploy") {
		deploy = "deploy"
	}
	return check, deploy
}

func (p *planner) workflowOf(forge project.Forge, name string) workflow {
	w := workflow{Branch: p.facts.Branch, Output: p.config.Output, Tool: cmp.Or(p.mise.ours, p.mise.writes), Runner: "docker", Publish: p.host == "",
		Strict: p.isClean(), Check: "test", Deploy: "deploy", Codeberg: p.facts.onCodeberg()}
	switch {
	case w.Codeberg:
		w.Runner = "codeberg-small"
	case forge == project.Gitea:
		w.Runner = "ubuntu-latest"
	}
	w.Paths = []string{p.config.Records + "/**", p.config.Template, p.config.Process, project.ConfigName, "themes/**"}
	if p.config.Documents != "" {
		w.Paths = append(w.Paths, p.config.Documents+"/**")
	}
	if w.Tool != "" {
		w.Paths = append(w.Paths, w.Tool)
	}
	w.Paths = append(w.Paths, name)
	return w
}

// workflowFile plans a workflow; next is for people, once it publishes.
func (p *planner) workflowFile(name, from string, w workflow, next string) {
	var b strings.Builder
	if err := workflowTemplates.ExecuteTemplate(&b, from, w); err != nil {
		p.left("workflow", name, err.Error())
		return
	}
	request := "pull request"
	if from == "gitlab.yml" {
		request = "merge request"
	}
	if f := p.file(name, w.why(request), b.String()); f != nil && w.Publish {
		f.next = next
	}
}

// firstWith is the first of some files whose content matches, or "".
func (p *planner) firstWith(content *regexp.Regexp, files []string) string {
	for _, name := range files {
		if content.Match(p.tree.read(name)) {
			return name
		}
	}
	return ""
}

// What a workflow calls that builds the site, or that publishes the repository's Pages.
var (
	siteBuilder    = text.Pattern(`deploysite"? build|deploy-site`)
	pagesPublisher = text.Pattern(`(?i)actions/deploy-pages|gh-pages|gh-deploy|github-pages|HEAD:(?:refs/heads/)?pages\b|codeberg-pages|git-pages`)
)
