package adopt

import (
	"path"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/text"
)

// setting is one line of deploysite.toml.
type setting struct{ key, value, comment string }

func (s setting) line() string { return s.key + " = " + quoted(s.value) }

// configuration plans deploysite.toml, if there is anything to say in it.
func (p *planner) configuration() {
	p.output()
	if len(p.settings) == 0 {
		p.keepFolder()
		return
	}
	if p.facts.Configured {
		for _, s := range p.settings {
			p.edit(project.ConfigName, "put "+s.line()+" into "+project.ConfigName)
		}
		p.keepFolder()
		return
	}
	content := "# What deploysite cannot know by itself here. All keys: https://github.com/deploysite/deploysite/blob/main/docs/guide/configuration.md\n"
	var lines []string
	for _, s := range p.settings {
		content += "\n# " + s.comment + "\n" + s.line() + "\n"
		lines = append(lines, s.line())
	}
	p.file(project.ConfigName, "says "+strings.Join(lines, ", "), content)
	p.keepFolder()
}

// keepFolder plans a file in the records' folder: git keeps no empty folder, and a
// strict build fails without one.
func (p *planner) keepFolder() {
	if folder := p.config.Records; !p.tree.hasFolder(folder) || p.tree.isEmpty(folder) {
		p.file(path.Join(folder, ".gitkeep"), "keeps the folder of the records until there is one", "")
	}
}

// output builds the site into another folder where "public" holds something else,
// as in many web applications.
func (p *planner) output() {
	out := p.config.Output
	if out != project.Default().Output || !p.tree.hasFolder(out) || p.tree.has(path.Join(out, ".deploysite-manifest.json")) || !p.tree.holds(out) {
		return
	}
	p.config.Output = "deployment-site"
	p.settings = append(p.settings, setting{"output", p.config.Output, "where the site is built; " + out + " holds something else"})
}

// ignore keeps the built site out of git.
func (p *planner) ignore() {
	out := p.config.Output
	if path.IsAbs(out) || strings.HasPrefix(out, "..") || p.facts.Ignores != nil && p.facts.Ignores(out) ||
		!p.facts.Git && p.tree.has(".gitignore") { // nobody tells what it ignores
		return
	}
	line := "/" + out + "/"
	building := "/." + strings.ReplaceAll(out, "/", "/.") + ".deploysite-*"
	lines := "# What deploysite builds, and what it builds in.\n" + line + "\n" + building + "\n"
	if p.file(".gitignore", "keeps the built site out of git", lines) == nil {
		p.edit(".gitignore", "add the lines "+line+" and "+building+" to .gitignore, or the built site gets into git")
	}
}

// release is the number of a released version.
var release = text.Pattern(`^\d+\.\d+\.\d+$`)

// toolVersion is what mise installs.
func (p *planner) toolVersion() string {
	if release().MatchString(p.facts.Version) {
		return p.facts.Version
	}
	return latest
}

// latest stands for a version where this build is no release: each machine then has what
// was newest when it asked.
const latest = "latest"

// Next says what is left for people, in order. After [Plan.Apply] it counts only
// what was written.
func (p *Plan) Next() (steps []string) {
	if p.Count(Blocked)+p.Count(Failed) > 0 {
		steps = append(steps, "clear the way for what could not be written, and call deploysite init again")
	}
	var names []string
	for _, f := range p.Files {
		if f.State != Planned && f.State != Written {
			continue
		}
		names = append(names, text.ShellQuote(f.Path))
		if f.next != "" {
			steps = append(steps, f.next)
		}
	}
	steps = append(steps, p.todo...)
	if !p.git {
		steps = append(steps, "git init   # who changed which record when is read from git")
	} else if len(names)+len(p.edited)+len(p.earlier) > 0 {
		for _, file := range slices.Concat(p.edited, p.earlier) {
			isBlocked := slices.ContainsFunc(p.Files, func(f File) bool { return f.Path == file && f.State == Blocked })
			if name := text.ShellQuote(file); !isBlocked && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		steps = append(steps, "git add "+strings.Join(names, " ")+"   # and commit")
	}
	start := "mise run deployment-start"
	if p.noMise {
		start = "deploystart"
	}
	return append(steps, start+"   # before the next deployment")
}
