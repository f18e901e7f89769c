Feature: Run Task
  Processes run in containers; a scenario names the adapter, so that these need no container engine.

  Scenario Outline: Gives the part of a process that is asked for (<return>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: run-<return>, version: '1.0.0'}
    do:
      - work:
          run: {shell: {command: "true"}, return: <return>}
          metadata: {gantry: {runtime: {adapter: local-mock}}}
          output: {as: <as>}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | return | as                         | output  |
      | code   | .                          | 0       |
      | stdout | "fromjson \| .image"     | busybox |
      | stderr | .                          | ''      |
      | none   | .                          | null    |
      | all    | "[.code, .stderr]"         | [0, ''] |

  Scenario Outline: A child workflow gives what is asked for (<return>)
    Given a function with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: child-<return>, version: '1.0.0'}
    do: [{a: {set: {n: 1}}}]
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: parent-<return>, version: '1.0.0'}
    do:
      - sub: {run: {workflow: {namespace: gantry, name: child-<return>, version: '1.0.0'}, return: <return>}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | return | output                                |
      | stdout | {n: 1}                                |
      | code   | 0                                     |
      | none   | null                                  |
      | all    | {code: 0, stdout: {n: 1}, stderr: ''} |

  Scenario: A child that is not waited for leaves its parent's data alone
    Given a function with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: child-alone, version: '1.0.0'}
    do: [{nap: {wait: {minutes: 10}}}]
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: parent-alone, version: '1.0.0'}
    do:
      - sub: {run: {workflow: {namespace: gantry, name: child-alone, version: '1.0.0'}, await: false}}
    """
    And given the workflow input is:
    """yaml
    {kept: true}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {kept: true}
    """

  Scenario Outline: Gives a container and a script what they are to have (<name>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: run-<name>, version: '1.0.0'}
    do:
      - work:
          run: {<process>}
          metadata: {gantry: {runtime: {adapter: local-mock}}}
          output: {as: "fromjson | <as>"}
    """
    And given the workflow input is:
    """yaml
    {n: 7, image: shop/tool}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | name      | process                                                                                          | as              | output              |
      | image     | container: {image: "${ .image }", environment: {N: "${ .n }"}, arguments: [a, "${ .n }"]} | .image          | shop/tool           |
      | command   | container: {image: busybox, command: 'echo "$1"', arguments: [x]}                                | .script         | 'echo "$1"'         |
      | cleanup   | container: {image: busybox, lifetime: {cleanup: always}}                                         | .image          | busybox             |
      | script-js | script: {language: js, code: 'console.log(1)'}                                                   | .command[0]     | node                |
      | script-py | script: {language: python, code: 'print(1)'}                                                     | .command[0]     | python3             |

  Scenario: Limits tasks by a timeout that has a name
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: named-timeout, version: '1.0.0'}
    use: {timeouts: {short: {after: PT0.1S}}}
    do:
      - slow: {timeout: short, wait: PT60S}
    """
    When the workflow is executed
    Then the workflow should fault with error:
    """yaml
    type: https://open-workflow-specification.org/spec/1.0.0/errors/timeout
    status: 408
    """

  Scenario Outline: Does not wait for a process that nobody awaits (<name>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: detached-<name>, version: '1.0.0'}
    do:
      - begin:
          input: {from: "{n: .n}"}
          run: {<process>, await: false}
          metadata: {gantry: {runtime: {adapter: local-mock}}}
      - after: {set: {went: further, n: "${ .n }"}}
    """
    And given the workflow input is:
    """yaml
    {n: 7, more: x}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {went: further, n: 7}
    """
    And a process of the workflow should complete with "<what>"
    Examples:
      | name      | process                                                       | what         |
      | container | container: {image: shop/tool, arguments: ["${ .n }"]}         | shop/tool    |
      | shell     | shell: {command: 'echo "$1"', arguments: ["${ .n }"]}         | echo         |
