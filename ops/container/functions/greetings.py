def greet(name, context):
    return f"Hello, {name}!"
