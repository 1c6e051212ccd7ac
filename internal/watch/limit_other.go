//go:build !unix

package watch

import "fmt"

func explain(folder string, err error) error { return fmt.Errorf("%s: %w", folder, err) }
