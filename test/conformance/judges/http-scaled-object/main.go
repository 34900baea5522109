// Asks the routing table of KEDA's HTTP add-on, as its interceptor does: which HTTPScaledObject takes a request?
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/url"
	"os"

	httpv1alpha1 "github.com/kedacore/http-add-on/operator/apis/http/v1alpha1"
	"github.com/kedacore/http-add-on/pkg/routing"
)

type question struct {
	// HTTPScaledObjects of a cluster.
	Objects []httpv1alpha1.HTTPScaledObject `json:"objects"`
	// Of requests, as the gateway sends them on.
	URLs []string `json:"urls"`
}

type answer struct {
	// Names of the objects that take them; empty where the interceptor answers 404.
	Names []string `json:"names"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		table := routing.NewTableMemory()
		for i := range asked.Objects {
			table = table.Remember(&asked.Objects[i])
		}
		result := answer{Names: []string{}}
		for _, text := range asked.URLs {
			name := ""
			if parsed, err := url.Parse(text); err == nil {
				if found := table.Route(routing.NewKeyFromURL(parsed)); found != nil {
					name = found.Name
				}
			}
			result.Names = append(result.Names, name)
		}
		line, _ := json.Marshal(result)
		fmt.Println(string(line))
	}
}
