package records

import (
	"slices"

	"github.com/deploysite/deploysite/internal/frontmatter"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// maxConflicts is how many conflicts of a file are named.
const maxConflicts = 10

// conflicted reports the merge conflicts of the file. Such a file is not read: its
// steps would be counted twice. Of its front matter that is read only if all
// conflicts are behind it.
func (p *parse) conflicted() bool {
	conflicts := text.Conflicts(p.text)
	if len(conflicts) == 0 {
		return false
	}
	for _, c := range conflicts[:min(len(conflicts), maxConflicts)] {
		p.r.report(c.Start(), problem.Conflict, "solve it: keep what is right, and take these lines out", "a merge conflict is not solved: %s", c.Describe(p.r.Source))
	}
	if block, body, problems := frontmatter.Parse(p.text); block.Format != "" && len(problems) == 0 && body <= conflicts[0].Start() {
		p.frontMatter()
	}
	if p.r.Status == "" && !p.document {
		p.badStatus = "<<<<<<<"
	}
	return true
}

// Conflict is the first merge conflict of the file, or nil.
func (r *Record) Conflict() *problem.Problem {
	i := slices.IndexFunc(r.Problems, func(p problem.Problem) bool { return p.Rule == problem.Conflict })
	if i < 0 {
		return nil
	}
	return &r.Problems[i]
}
