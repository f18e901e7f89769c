Feature: Data are never taken for expressions

  Scenario Outline: Leaves expressions in the input alone (<task>)
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain, version: '1.0.0'}
    do: [{a: {<body>}}]
    """
    And given the workflow input is:
    """yaml
    {x: '${ .secret }', secret: hidden, list: ['${ .secret }', '${ $input }'], key: {'${ .secret }': 1}}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    <output>
    """
    Examples:
      | task     | body                                                                                            | output                                                  |
      | input    | do: []                                                                                          | {x: '${ .secret }', secret: hidden, list: ['${ .secret }', '${ $input }'], key: {'${ .secret }': 1}} |
      | set      | set: {y: '${ .x }', k: '${ .key }'}                                                             | {y: '${ .secret }', k: {'${ .secret }': 1}}             |
      | join     | set: {y: '${ "<\(.x)>" }'}                                                                      | {y: '<${ .secret }>'}                                   |
      | as       | set: {y: '${ .x }'}, output: {as: '[.y, $input.x]'}                                             | ['${ .secret }', '${ .secret }']                        |
      | from     | input: {from: .x}, set: '${ [.] }'                                                              | ['${ .secret }']                                        |
      | for      | for: {in: .list}, do: [{b: {set: {y: '${ $item }', i: '${ $index }'}}}]                         | {y: '${ $input }', i: 1}                                |
      | parallel | for: {in: .list}, metadata: {gantry: {concurrency: 2}}, do: [{b: {set: '${ [$item] }'}}]        | [['${ .secret }'], ['${ $input }']]                     |
      | fork     | fork: {branches: [{b: {set: {y: '${ .x }'}}}]}                                                  | [{y: '${ .secret }'}]                                   |

      | raise    | try: [{b: {raise: {error: {type: 'https://e.org', status: 400, detail: '${ .x }'}}}}], catch: {do: [{c: {set: {y: '${ $error.detail }'}}}]} | {y: '${ .secret }'} |
      | emit     | emit: {event: {with: {type: plain.emitted, data: '${ .x }'}}}, output: {as: .data}              | '${ .secret }'                                          |
      | switch   | switch: [{c: {when: '.x == "hidden"', then: end}}], output: {as: .x}                            | '${ .secret }'                                          |
      | schema   | input: {schema: {document: {properties: {x: {const: '${ .secret }'}}}}}, set: {y: '${ .x }'}    | {y: '${ .secret }'}                                     |

  Scenario: Leaves expressions alone when data are used again and again
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain-again, version: '1.0.0'}
    do:
      - first: {set: {y: '${ .x }'}, export: {as: '{kept: .y}'}}
      - second: {wait: PT0.01S}
      - third: {set: {z: '${ .y }', kept: '${ $context.kept }'}}
      - fourth: {set: '${ {w: .z, kept: .kept, context: $context, raw: $workflow.input.x} }'}
    """
    And given the workflow input is:
    """yaml
    {x: '${ .secret }', secret: hidden}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {w: '${ .secret }', kept: '${ .secret }', context: {kept: '${ .secret }'}, raw: '${ .secret }'}
    """

  Scenario: Leaves expressions alone where the mode is loose
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain-loose, version: '1.0.0'}
    evaluate: {mode: loose}
    do:
      - a: {set: {y: .x}}
      - b: {set: {z: .y}}
    """
    And given the workflow input is:
    """yaml
    {x: .secret, secret: hidden}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {z: .secret}
    """

  Scenario: Leaves expressions alone in what a function gives
    Given a function with definition:
    """yaml
    function: plain
    namespace: gantry
    version: 1.0.0
    runtime: {class: faas, local-mock: {result: {given: '${input.x}', secret: given}}}
    tags: {owner: t, domain: t, sensitivity: internal, lifecycle: experimental}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain-function, version: '1.0.0'}
    do:
      - ask: {call: plain:1.0.0@default, with: {x: '${ .x }'}}
      - again: {set: {given: '${ .given }', secret: '${ .secret }'}}
    """
    And given the workflow input is:
    """yaml
    {x: '${ .secret }', secret: hidden}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {given: '${ .secret }', secret: given}
    """

  Scenario: Leaves expressions alone in what a service is sent and answers
    Given a service that answers POST /plain/echo with 200:
    """
    {"y": "${ .secret }", "list": ["${ $input }"], "secret": "answered"}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain-http, version: '1.0.0'}
    do:
      - ask:
          call: http
          with: {method: post, endpoint: 'http://service.test/plain/echo', headers: {X-Plain: '${ .x }'}, body: {x: '${ .x }'}}
      - each: {for: {in: .list}, do: [{b: {set: {i: '${ $item }', y: '${ .y }'}}}]}
    """
    And given the workflow input is:
    """yaml
    {x: '${ .secret }', secret: hidden}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {i: '${ $input }', y: '${ .secret }'}
    """
    And POST /plain/echo should have received body '{"x":"${ .secret }"}'
    And POST /plain/echo should have received x-plain '${ .secret }'

  Scenario: Leaves braces alone in what is put into an address
    Given a service that answers GET /plain/{secret} with 200:
    """
    {"ok": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain-address, version: '1.0.0'}
    do: [{ask: {call: http, with: {method: get, endpoint: 'http://service.test/plain/{x}'}}}]
    """
    And given the workflow input is:
    """yaml
    {x: '{secret}', secret: hidden}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    {ok: true}
    """

  Scenario: Leaves expressions alone in events
    Given a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain-event, version: '1.0.0'}
    do:
      - hear: {listen: {to: {one: {with: {type: gantry.plain.heard}}}, read: envelope}, foreach: {item: e, do: [{b: {set: {y: '${ $e.data.x }', subject: '${ .subject }', secret: kept}}}]}}
    """
    When the workflow is started
    And the workflow waits at /do/0/hear
    And an event is sent:
    """yaml
    {type: gantry.plain.heard, subject: '${ .secret }', data: {x: '${ .secret }', secret: hidden}}
    """
    And the workflow has ended
    Then the workflow should complete with output:
    """yaml
    [{y: '${ .secret }', subject: '${ .secret }', secret: kept}]
    """

  Scenario: Leaves expressions alone in secrets
    Given a secret plainKey:
    """
    ${ .x }
    """
    And a service that answers POST /plain/secret with 200:
    """
    {"ok": true}
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain-secret, version: '1.0.0'}
    use: {secrets: [plainKey]}
    do:
      - ask:
          call: http
          with: {method: post, endpoint: 'http://service.test/plain/secret', headers: {X-Key: '${ $secrets.plainKey }'}}
    """
    And given the workflow input is:
    """yaml
    {x: wrong}
    """
    When the workflow is executed
    Then the workflow should complete
    And POST /plain/secret should have received x-key '${ .x }'

  Scenario: Leaves expressions alone in what a child gets and gives
    Given a function with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain-child, version: '1.0.0'}
    do: [{a: {set: {y: '${ .x }', z: '${ $workflow.input.x }'}}}]
    """
    And a workflow with definition:
    """yaml
    document: {dsl: '1.0.3', namespace: gantry, name: plain-parent, version: '1.0.0'}
    do:
      - child: {run: {workflow: {namespace: gantry, name: plain-child, version: '1.0.0', input: {x: '${ .x }', secret: '${ .secret }'}}}}
      - again: {set: '${ [.y, .z] }'}
    """
    And given the workflow input is:
    """yaml
    {x: '${ .secret }', secret: hidden}
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    ['${ .secret }', '${ .secret }']
    """
