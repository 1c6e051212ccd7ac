package records

import "testing"

// A name is somebody, or a problem says that it is nobody.
func TestEveryNameIsSomebodyOrAProblem(t *testing.T) {
	for _, name := range []string{"..", ".", "...", "_", "__", "*", "-", "?", "/", "~", "Ada"} {
		r := Parse("deployments/2024-08-31-14-30-deployment.md", []byte("---\nstatus: succeeded\ndeployer: '"+name+"'\n---\n\nx\n"), Options{Dir: "deployments"})
		named := len(r.Deployers) > 0 && r.Deployers[0].Value != ""
		if named == (len(r.Problems) > 0) {
			t.Errorf("%q: %v, %v", name, r.Deployers, r.Problems)
		}
	}
}
