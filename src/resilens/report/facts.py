"""stub while being written"""
from resilens.report.method_facts import MethodFacts
def gather(folder, study, corpus, record) -> MethodFacts: raise NotImplementedError
